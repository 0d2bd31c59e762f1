"""``python -m ringfence.cli``: the command line where the script is not on the PATH."""

from . import main

main(prog_name="ringfence")
