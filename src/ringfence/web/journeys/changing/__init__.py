"""Changing a client: name, reference and mark, its services, removing and restoring it."""
