"""Access reviews as edges ask about them: which there are, who decides what, how they stand and end."""
