"""What each event does to a state, theme by theme (`apply.apply`). Decides nothing.

What has been worked out for a state is handed on where an event cannot have changed it: a set that may be
wrong is thrown away, or patched where that is exact.
"""
