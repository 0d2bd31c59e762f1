"""A firm as it was: who had access on another day, what a member reached, who had it between two days."""
