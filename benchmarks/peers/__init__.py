"""Ringfence beside other engines of the field: the same facts and questions, on one machine, in one run."""
