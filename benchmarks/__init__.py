"""What the heart of Ringfence costs on firms of real size: `make bench`.

Not tests: nothing here fails. Each figure is printed with its conditions, its goal and a baseline of the same
run, so that a slow machine shows as a slow baseline.
"""
