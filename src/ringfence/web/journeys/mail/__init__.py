"""How the firm's mail stands: what waits, what failed and why, in counts and kinds."""
