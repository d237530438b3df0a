"""Doors of the staff's pages about events, one file for each group of pages; staff_routes.py gathers them."""
