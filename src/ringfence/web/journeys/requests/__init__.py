"""Requests for access: asking for a client, what became of one’s own, answering those of others."""
