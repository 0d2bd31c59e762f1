"""An auditor's pack of a firm of 100,000 clients and 10,000 entries, in processor time of this process."""

import resource
import sys
import tempfile
import time
import zipfile
from random import Random

import msgspec

from .granted import MEMBERS, granted_firm
from .measure import Figure, set_up_django

ENTRIES, EACH = 10_000, 200
"""Entries of the ledger, and clients that each grant of the beginning names."""


def main() -> None:
    set_up_django()
    from ringfence.access import Actor, execute, firm_state
    from ringfence.access.clock import clock
    from ringfence.access.proof.packs import PackAsked
    from ringfence.core.commands.definitions import On, SetGrant
    from ringfence.core.terms import Instant, Level, member_subject
    from ringfence.firms.models import Firm
    from ringfence.lists.pack import make_pack

    firm = granted_firm("Audited", [Level.EDITOR], EACH)
    chance = Random(1)
    for entry in range(firm_state(firm).version, ENTRIES):
        # A client of its own each time, so that every entry moves somebody.
        given = (member_subject(chance.randrange(2, MEMBERS + 1)),)
        execute(firm, SetGrant(to=given, on=On.client(entry), level=Level.OWNER), actor=Actor(1))
    row = Firm.objects.get(pk=firm)
    asked = PackAsked(since=Instant(0), until=clock(), language="en")
    parts: dict[str, float] = {}

    def told(part: str, _done: int, _count: int) -> None:
        parts[part] = time.process_time()

    before = _peak()
    start = time.process_time()
    with tempfile.TemporaryFile() as out:
        make_pack(row, asked, out, told)
        taken = time.process_time() - start
        size = out.tell()
        assert zipfile.ZipFile(out).testzip() is None
    ends = [*list(parts.values())[1:], start + taken]
    slowest = max(zip(parts, parts.values(), ends, strict=True), key=lambda each: each[2] - each[1])
    figures = [
        Figure("An auditor's pack of 100,000 clients and 10,000 entries", taken, "s", 60),
        Figure(f"Its slowest part ({slowest[0]})", slowest[2] - slowest[1], "s"),
        Figure("What making it adds to the peak of memory", _peak() - before, "MB"),
        Figure("Its size", size / 1_000_000, "MB"),
    ]
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def _peak() -> float:
    """Megabytes of this process in memory at their most; making the firm counts too."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()
