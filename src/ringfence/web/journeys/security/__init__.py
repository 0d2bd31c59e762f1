"""A user's own sign-in, whatever their firms: address, password, second step, sessions."""
