"""Who a letter is for: lists, companies and named segments, counted and shown before use, with who is left out."""
