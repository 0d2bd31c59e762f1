"""Sharing a client: who was given access to it, and giving, changing or taking away that of one of them."""
