"""Walls: which stand, raising, changing and lowering them, and what they have to overrule (rules.md 5)."""
