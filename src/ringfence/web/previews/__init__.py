"""What a change would do, shown before it is made, what others changed meanwhile, yes or no, and done."""
