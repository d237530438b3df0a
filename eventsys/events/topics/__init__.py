"""What to bring up at an event, and the themes that company visits give a series."""
