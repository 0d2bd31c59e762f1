"""The firm's own policies (rules.md 10): whether they hold, what a change breaks, who is to blame.

What they say is in `core/statements.py`; that a command may be refused for one, in `core/commands/`.
"""
