"""Signing up, confirming, preferences and leaving; the codes people came by; consents as they were given."""
