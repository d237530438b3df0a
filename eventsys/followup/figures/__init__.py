"""Figures that the system takes by itself. Each is counted from lines that its page shows, and from nothing else."""
