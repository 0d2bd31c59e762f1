"""Delegation: what one delegates and is delegated; making, changing and ending it, also for others."""
