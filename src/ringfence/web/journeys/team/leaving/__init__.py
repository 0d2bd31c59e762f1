"""A member leaves: what ends with them, who takes over what, check; and coming back."""
