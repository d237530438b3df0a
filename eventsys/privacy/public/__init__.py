"""The doors for everybody: the statements, and asking about one's own data."""
