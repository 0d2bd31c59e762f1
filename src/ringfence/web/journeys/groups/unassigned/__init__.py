"""Clients that nobody was given: choosing some, putting them into groups or into a new one."""
