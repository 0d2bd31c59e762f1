"""One reader for each kind of file: out comes a table of texts, its rows numbered as people see them."""
