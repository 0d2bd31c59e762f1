"""Two states compared: who gains, who loses, what opens and closes, exactly (rules.md 6)."""
