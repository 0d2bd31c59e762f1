"""Signing in and out, the first password, the language, and which of a user's firms they go on in."""
