"""The seed of all random tests of a run: RINGFENCE_SEED, else a fresh one that worker processes share."""

import os
import secrets

VARIABLE = "RINGFENCE_SEED"

SHRINK_VARIABLE = "RINGFENCE_TEST_SHRINK"
"""Where it is `no`, a failing world is not made small."""

SEED = int(os.environ.setdefault(VARIABLE, str(secrets.randbelow(2**32))))
