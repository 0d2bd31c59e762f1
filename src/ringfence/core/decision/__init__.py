"""The decision of rules.md 2: for one member and one engagement with its reason, and for all at once as sets.

Equal sets are one object where that is cheap. That saves work and never changes an answer.
"""
