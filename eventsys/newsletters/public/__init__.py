"""The doors for readers."""
