"""The control side of clients: every client by name, who can open it, and why."""
