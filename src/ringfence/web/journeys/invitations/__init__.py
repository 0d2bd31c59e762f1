"""Inviting members to sign in: sending the link, sending it again, taking it back."""
