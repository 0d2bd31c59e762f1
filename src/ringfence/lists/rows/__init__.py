"""A table as typed rows: which column is which field, and what each cell says. The firm is not asked."""
