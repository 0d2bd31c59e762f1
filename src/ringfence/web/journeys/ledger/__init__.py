"""The firm's ledger: every entry in sentences, one entry with all that it changed, lists of them."""
