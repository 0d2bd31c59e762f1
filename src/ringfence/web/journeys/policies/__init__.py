"""The firm's own policies: the list, one with what is to blame, adding, changing and removing one."""
