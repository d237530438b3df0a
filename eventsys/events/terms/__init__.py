"""A term of a series: its dates, its drafts, and publishing them together."""
