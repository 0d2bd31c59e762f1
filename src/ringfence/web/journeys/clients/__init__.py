"""The list of clients: what a member sees, searched and counted."""
