"""A firm as it was at any moment, and what held between two: worked out from the ledger, kept for a while."""
