"""Manage account: what the firm has, and turning access control on and off."""
