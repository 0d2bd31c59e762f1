"""The decision of rules.md 2 written slowly and obviously, on plain facts. Imported by scenarios and tests.

Everything fast is held against it: it stands on the terms alone.
"""
