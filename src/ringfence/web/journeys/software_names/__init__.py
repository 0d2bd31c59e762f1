"""What a firm's other software calls types of things and actions: the list, adding one, removing one."""
