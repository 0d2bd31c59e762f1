"""Creating a group: which kind, service or clients, name, members, check, created."""
