"""Letters: one engine for confirmations and for newsletters. Knows addresses, letters and states, and no domain word."""
