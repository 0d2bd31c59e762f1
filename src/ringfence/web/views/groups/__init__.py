"""Access groups: the list, one group, and the journeys that create, rename and delete one."""
