"""Lists that are sent: looked at, checked and saved step by step, in the background of who brings them."""
