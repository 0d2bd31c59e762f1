"""`python -m tests.endurance DATABASE --seconds 3600`: wear a server for so long, and say what came of it.

DATABASE is `sqlite:` or `postgresql:`: a file or a server of its own, in a temporary folder.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.support.databases import Databases, Engine

from .running import Rates, wear


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.endurance", description=__doc__)
    parser.add_argument("database")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--seed", type=int, default=1)
    for name, value in Rates()._asdict().items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    rates = Rates(**{name: given[name] for name in Rates._fields})
    with tempfile.TemporaryDirectory(prefix="ringfence-endurance-") as name:
        folder = Path(name)
        databases = Databases(Engine(given["database"].rstrip(":")))
        try:
            outcome = wear(databases.migrated(), folder, given["seconds"], rates, given["seed"])
        finally:
            databases.close()
    for field, value in outcome._asdict().items():
        sys.stdout.write(f"{field}: {value[:20] if isinstance(value, list) else value}\n")
    return 1 if outcome.faults or outcome.grown else 0


if __name__ == "__main__":
    raise SystemExit(main())
