"""Surveys after events, answered anonymously, and what they say: NKI with its uncertainty."""
