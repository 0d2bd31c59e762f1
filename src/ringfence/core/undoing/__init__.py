"""Undoing an entry of the ledger: the commands that are its opposite, or why there are none."""
