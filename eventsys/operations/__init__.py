"""Seeing how the system runs: figures for machines, a page for administrators, letters when something is stuck."""
