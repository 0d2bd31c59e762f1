"""Access reviews: starting one, deciding what waits for one, how it stands, and how it ends (rules.md 10)."""
