"""The database schema of the firms app, step by step."""
