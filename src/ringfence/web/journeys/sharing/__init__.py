"""Sharing a client: who was given access to it, and giving, changing or removing that of one of them."""
