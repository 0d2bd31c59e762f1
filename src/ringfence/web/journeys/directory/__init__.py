"""The directory that keeps who is in the firm."""
