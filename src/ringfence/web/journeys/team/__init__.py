"""Team members: the list, one page per person with everything they reach, and all that is changed of them."""
