"""Doors: what those who are asked see."""
