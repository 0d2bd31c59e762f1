"""The fields that a firm names for the details of its clients."""
