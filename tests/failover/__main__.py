"""`python -m tests.failover --kills 20`: the run, in a network of its own; 1 where a check failed."""

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.support.debian import ProgramMissing
from tests.support.seed import SEED

from .network import INSIDE, within
from .programs import ensure
from .running import CHANGES_WITHIN, HOSTS, Outcome, fail_over, say

STANDSTILL = 2.5
"""Seconds that decisions may stand still in: a host that says nothing is waited for a second."""


def main() -> int:
    """Run outside, it makes a namespace and runs itself inside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=3, help="how often the leader is killed")
    kills = parser.parse_args().kills
    if INSIDE not in os.environ:
        try:
            ensure()
        except ProgramMissing as fault:
            return _failed(str(fault))
        return within(HOSTS)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ringfence-failover-", ignore_cleanup_errors=True) as folder:
        outcome = fail_over(Path(folder), kills, SEED)
    return report(outcome, time.monotonic() - began)


def report(outcome: Outcome, seconds: float) -> int:
    """Say what came of it."""
    refused = "; ".join(f"{count} times {why.strip()!r}" for why, count in outcome.refused.items())
    say(
        f"{outcome.answers} answers watched and {outcome.right_after} asked right after a change,"
        f" {outcome.aged} of them said how old they may be; not answered: {refused or 'never'};"
        f" {outcome.changes} changes acknowledged; {seconds:.0f} s, seed {SEED}"
    )
    checks = {
        "no acknowledged change is lost, no answer is wrong or older than its question": not outcome.faults,
        f"changes are possible again within {CHANGES_WITHIN:.0f} s": all(
            each.changes_after < CHANGES_WITHIN for each in outcome.blows
        ),
        "decisions go on where two hosts are left": all(
            each.silent < STANDSTILL for each in outcome.blows if each.proved
        ),
        "decisions go on for who accepts older ones": all(
            each.accepted_silent < STANDSTILL for each in outcome.blows
        ),
        "there was load": outcome.changes >= 20 * len(outcome.blows) and outcome.right_after > 0,
    }
    for fault in outcome.faults[:20]:
        say(f"  {fault}")
    for what, held in checks.items():
        say(f"{'ok    ' if held else 'FAILED'}  {what}")
    failed = sum(1 for held in checks.values() if not held)
    if failed:
        sys.stderr.write(outcome.said)
    say(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _failed(text: str) -> int:
    say(text)
    return 2


if __name__ == "__main__":
    sys.exit(main())
