"""Invented firms of any size, for demonstrations, benchmarks and tries. No firm needs them to run."""
