"""`ringfence firm place`: in which database each firm is, and how one moves to another."""
