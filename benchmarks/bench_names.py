"""The names of a big firm: pages by name and searches, as the list of clients asks them."""

import sys
import time

import msgspec
from pyroaring import BitMap

from ringfence.core.decision.moment import Moment, at
from ringfence.core.terms import Instant
from ringfence.store.loading import load
from ringfence.store.name_index import NameIndex
from ringfence.store.names import Names

from .bigfirm import FIRM, open_plain
from .measure import Figure, resident, seconds

NOW = Instant(1_767_225_600_000_000)
MEMBER = 2
PAGE = 50
TEXTS = ("llewelyn", "cardiff", "an", "a", "0", "nobody at all", "1234")


def main(url: str) -> None:
    connection = open_plain(url)
    state = load(connection, FIRM).state
    before = resident()
    index = NameIndex()
    start = time.perf_counter()
    names = index.current(connection, FIRM)
    figures = [
        Figure("names from the tables", time.perf_counter() - start, "s"),
        Figure("resident for the names", resident() - before, "MB"),
    ]
    moment = at(state, NOW)
    everybody = state.register.clients
    figures += _pages(names, moment, everybody)
    figures += _searches(names, moment, everybody)
    row = next(names.chunks[0].rows())._replace(name="zebra crossings")
    figures.append(Figure("one client renamed", seconds(lambda: names.updated([row])) * 1e3, "ms"))
    asked = seconds(lambda: index.current(connection, FIRM), times=101)
    figures.append(Figure("names proved current", asked * 1e3, "ms"))
    connection.close()
    sys.stdout.buffer.write(msgspec.json.encode(figures))


def _pages(names: Names, moment: Moment, everybody: BitMap) -> list[Figure]:
    figures = []
    bare = seconds(lambda: [number for number, _ in zip(everybody, range(PAGE), strict=False)]) * 1e3
    for who, clients in (("a member", moment.clients(MEMBER)), ("who sees all", everybody)):
        for where, offset in (("first", 0), ("middle", len(clients) // 2), ("last", len(clients) - PAGE)):
            taken = seconds(lambda: names.page(clients, offset, PAGE))  # noqa: B023  called at once
            what = f"{where} page by name, {who} ({len(clients):,} clients)"
            figures.append(Figure(what, taken * 1e3, "ms", 15, bare, "(any 50)"))
    register = moment.state.register
    for who, engagements in (("a member", moment.reach(MEMBER).see), ("who sees all", register.engagements)):

        def last_of_service() -> list[int]:
            found = engagements & register.by_service[2]  # noqa: B023  called at once
            return names.page_of_engagements(found, len(found) - PAGE, PAGE)

        taken = seconds(last_of_service)
        figures.append(Figure(f"last page of one service, {who}", taken * 1e3, "ms", 15, bare, "(any 50)"))
    return figures


def _searches(names: Names, moment: Moment, everybody: BitMap) -> list[Figure]:
    figures = []
    register = moment.state.register
    text = b"".join(chunk.lines for chunk in names.chunks)
    for wanted in TEXTS:

        def search() -> list[int]:
            names.kept.clear()
            matches = names.matching(wanted)  # noqa: B023  called at once
            found = (matches.clients & everybody) | register.clients_of(
                matches.engagements & register.engagements
            )
            return names.page(found, 0, PAGE)

        bare = seconds(lambda: text.count(wanted.encode())) * 1e3  # noqa: B023  called at once
        taken = seconds(search) * 1e3
        count = len(names.matching(wanted).clients)
        what = f"search for “{wanted}”, first page and total ({count:,} by name)"
        figures.append(Figure(what, taken, "ms", 80, bare, "(counting it in the text)"))
    return figures


if __name__ == "__main__":
    main(sys.argv[1])
