"""How a firm wants its people to sign in: a second step, how long they stay, from where administrators."""
