"""`ringfence demo`: a database of its own with five firms to try everything on. Nobody in it exists.

Four firms, one for each profile, are told step by step in `firms/*.yaml`, as real commands; the fifth is
invented by the thousand. What is refused or decided there is the rules' matter alone.
"""
