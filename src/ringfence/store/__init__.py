"""A firm's state from the database, for SQLite and PostgreSQL through the plain drivers.

No Django, and nothing is written here.
"""
