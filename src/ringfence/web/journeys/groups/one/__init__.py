"""One group: its clients, team members and what it was given; adding, taking out, renaming, deleting."""
