"""The doors of the follow-up."""
