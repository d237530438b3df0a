"""Doors: the staff's pages about surveys."""
