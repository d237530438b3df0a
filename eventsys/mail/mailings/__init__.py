"""Mailings: freezing a letter and its recipients, starting, pausing, cancelling, and the ledger afterwards."""
