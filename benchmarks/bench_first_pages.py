"""The first page of a long list, as other software asks for it: at the server, and over the wire.

`python -m benchmarks.bench_first_pages DATABASE`. Each firm is made in a database and asked in a process of
its own; who asks has a grant on all its clients.
"""

import os
import subprocess
import sys
from typing import NamedTuple

import msgspec

from tests.decide.running import decide_process

from .bench_decide import RESOURCES, made, own_database
from .bigfirm import FIRM, Size
from .measure import Figure, seconds


class Long(NamedTuple):
    """How many clients are seen at least, and in how many milliseconds their first page is to be there."""

    clients: int
    here: float
    there: float

    @property
    def size(self) -> Size:
        # Seven of ten engagements are of a client of their own.
        return Size(engagements=self.clients * 8 // 5, members=200, groups=20, targets=90_000)


LONG = (Long(10_000, 2, 6), Long(200_000, 4, 10))
PAGE = {
    "subject": {"type": "user", "id": "m1@example.org"},
    "action": {"name": "view"},
    "resource": {"type": "client"},
    "page": {"limit": 50},
}


def main(url: str) -> list[Figure]:
    found = []
    for place in range(len(LONG)):
        command = [sys.executable, "-m", "benchmarks.bench_first_pages", url, str(place)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        found += msgspec.json.decode(done.stdout, type=list[Figure])
    return found


def one(url: str, long: Long) -> list[Figure]:
    with own_database(url) as own:
        os.environ["RINGFENCE_DATABASE"] = own
        asked = made(own, long.size)
        from ringfence.access import OPERATOR, execute
        from ringfence.core.commands import On
        from ringfence.core.commands import definitions as w
        from ringfence.core.terms import Level, member_subject
        from ringfence.decide.app import DecisionService
        from tests.decide.asking import Caller
        from tests.decide.test_process import Connected

        everything = w.SetGrant(to=(member_subject(1),), on=On(all=True), level=Level.READER)
        execute(FIRM, everything, actor=OPERATOR)
        software = Caller(DecisionService(), asked.token)
        total = software.post(RESOURCES, PAGE).json["page"]["total"]
        assert total >= long.clients, total
        here = seconds(lambda: software.post(RESOURCES, PAGE), times=40) * 1000
        with decide_process(own) as port, Connected(port, asked.token) as connected:
            connected.post(PAGE, RESOURCES)
            there = seconds(lambda: connected.post(PAGE, RESOURCES), times=40) * 1000
    return [
        Figure(f"first 50 of {total:,} clients by name, at the server", here, "ms", long.here),
        Figure("  over the wire", there, "ms", long.there),
    ]


if __name__ == "__main__":
    figures = main(sys.argv[1]) if len(sys.argv) == 2 else one(sys.argv[1], LONG[int(sys.argv[2])])
    sys.stdout.buffer.write(msgspec.json.encode(figures))
