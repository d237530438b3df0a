"""What the answers say: counted, compared and written down, and what of it must not be shown."""
