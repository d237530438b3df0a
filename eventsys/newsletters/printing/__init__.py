"""Paper for companies without an e-mail address: the printer's list of addresses, and the issue on A4."""
