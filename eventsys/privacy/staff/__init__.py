"""The staff's pages about people's requests."""
