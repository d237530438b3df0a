"""The door: links with a PIN, what each scan said, who came in."""
