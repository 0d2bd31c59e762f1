"""The report of a review for whoever asks later: PDF to read, CSV to work with, each signed by the firm."""
