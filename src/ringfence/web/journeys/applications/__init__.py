"""Application forms of a client: drafts that follow the fee splits, and finalised ones that keep them."""
