"""The seed of all random tests of a run: RINGFENCE_SEED, else a fresh one that worker processes share."""

import os
import secrets

VARIABLE = "RINGFENCE_SEED"

SEED = int(os.environ.setdefault(VARIABLE, str(secrets.randbelow(2**32))))
