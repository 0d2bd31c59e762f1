"""Your account: own groups and the clients they give, what else one can open, who the administrators are."""
