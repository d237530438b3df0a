"""Företagsamt and other newsletters: who wants them, what stands in them, how they leave and what readers say."""
