"""Help: an answer to each question that people have about who can open which client."""
