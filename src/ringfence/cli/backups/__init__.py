"""`ringfence backup` and `ringfence restore`: the file, what it holds, and one firm out of it."""
