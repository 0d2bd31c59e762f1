"""Pictures of who reaches what, for a firm, a client or a member; beside each a table that says the same."""
