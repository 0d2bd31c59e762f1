"""The decision of rules.md 2: for one member and one engagement with its reason, and for all at once as sets.

Begin with `single` and `sets`. Equal sets are one object where that is cheap: that saves work and never
changes an answer.
"""
