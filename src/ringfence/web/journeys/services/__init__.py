"""The firm's service catalogue: what there is, adding, renaming and removing."""
