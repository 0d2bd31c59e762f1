"""Who is meant by a word on the command line, and what the numbers of a firm are called, now or then."""
