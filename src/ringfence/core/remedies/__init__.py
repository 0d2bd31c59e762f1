"""The smallest changes that would let somebody in who is denied, and who may make them (rules.md 2)."""
