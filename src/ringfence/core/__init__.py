"""The heart: what access means, decided in one place (rules.md).

Pure Python over numbers: no Django, no database, no clock of its own, no text about people.
"""
