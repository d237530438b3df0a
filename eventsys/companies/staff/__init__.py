"""Doors: the staff's pages about companies. The page of one company looks across all slices and lies in the desk."""
