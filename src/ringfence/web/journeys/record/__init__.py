"""A client's record: what a member sees of it, its notes, and why they see it."""
