"""Adding a client: who it is, its services, who gets access, check with the preview, added."""
