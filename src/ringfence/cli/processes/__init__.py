"""`ringfence serve` and `ringfence jobs`: the processes that answer and work, and what keeps them running."""
