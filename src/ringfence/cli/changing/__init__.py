"""Changing a firm from the command line: commands, documents, erasing, and who gains or loses by it."""
