"""The programme: slots, the sessions side by side in them, and who has chosen which."""
