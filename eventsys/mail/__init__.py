"""Letters: one engine for confirmations and newsletters. Knows addresses, letters and states, and no domain word."""
