"""Lists out: the rows that a viewer may see, written as files that import reads."""
