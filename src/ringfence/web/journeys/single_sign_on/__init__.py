"""Signing in at a firm's identity provider and out again, and the pages on which a firm sets it up."""
