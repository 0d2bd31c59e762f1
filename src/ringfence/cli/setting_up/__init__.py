"""A firm and what is set up for it: its people's ways in, its directory, its other software."""
