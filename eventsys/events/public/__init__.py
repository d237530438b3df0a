"""Doors for everybody: a file for each group of pages."""
