"""`ringfence policy …`: a firm's own policies checked, kept and listed, and what becomes of each."""
