"""`ringfence import` and `ringfence export`: where a list comes from, and what a terminal shows of it."""
