"""Tokens with which a firm's other software asks and acts."""
