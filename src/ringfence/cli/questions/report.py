"""`ringfence report use`: what was given and nobody needs, counted or listed."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import click

from ringfence.access import firm_state
from ringfence.access.firm_now import FirmNow
from ringfence.access.use import AWAY_DAYS, MOST_DAYS, USUAL_DAYS, Sizing, targets_between
from ringfence.cli.naming.finding import find_firm
from ringfence.cli.naming.labels import Labels
from ringfence.cli.options import as_datetime, firm_option, json_option
from ringfence.cli.show import as_json, line, table
from ringfence.core.terms import Level, Subject, Target, Thing
from ringfence.firms.models import Firm

ROWS = 50
"""Lines of a table unless told otherwise."""
Row = tuple[str, ...]


@click.group()
def report() -> None:
    """What an administrator or auditor should look at."""


@report.command()
@firm_option
@click.option(
    "--days",
    type=click.IntRange(1, MOST_DAYS),
    help=f"How many days to look back ({USUAL_DAYS}; away {AWAY_DAYS}).",
)
@click.option(
    "--what",
    type=click.Choice(("unused", "reading", "groups", "away", "delegations")),
    help="List what one report finds instead of counting all.",
)
@click.option("--all", "every", is_flag=True, help=f"All of it, not the first {ROWS}.")
@json_option
def use(firm: str | None, days: int | None, what: str | None, every: bool, json: bool) -> None:
    """Access nobody used, Owners who only read, groups of nobody, holders who are away, idle delegations."""
    row = find_firm(firm)
    now = firm_state(row.pk)
    zone = ZoneInfo(row.timezone)
    found = Sizing(now, days or USUAL_DAYS, zone)
    away = found.over(days or AWAY_DAYS)
    if what is None:
        _count(row, found, away, json=json)
        return
    _list(row, now, what, away if what == "away" else found, every=every, json=json)


def _count(row: Firm, found: Sizing, away: Sizing, *, json: bool) -> None:
    known = found.use.known
    counts = {
        "unused": sum(map(len, found.unused.values())),
        "reading": sum(map(len, found.only_reading.values())),
        "groups": len(found.groups_of_nobody),
        "away": sum(map(len, away.one_holder_away.values())),
        "delegations": len(found.never_used),
    }
    if json:
        decisions = None if known.decisions is None else as_datetime(known.decisions).isoformat()
        as_json(
            {
                **counts,
                "days": found.days,
                "old_enough": found.old_enough,
                "openings_known_since": as_datetime(known.openings).isoformat(),
                "decisions_known_since": decisions,
            }
        )
        return
    if not found.old_enough:
        line(f"{row.name} is younger than {found.days} days: nothing can have gone unused for so long.")
    titles = {
        "unused": f"Permissions that nobody used for {found.days} days",
        "reading": f"Owners who only read for {found.days} days",
        "groups": "Groups of nobody",
        "away": f"Clients whose one holder is away ({away.days} days) or deactivated",
        "delegations": "Delegations never used",
    }
    table(("--what", "", "Now"), [(name, titles[name], f"{count:,}") for name, count in counts.items()])
    day = as_datetime(known.openings).date()
    line(f"Records opened are known since {day}.")
    if known.decisions is None:
        line("What other software let people do is not logged: `ringfence decisions --keep 90` does so.")
    else:
        line(f"What other software let people do is known since {as_datetime(known.decisions).date()}.")


def _list(row: Firm, now: FirmNow, what: str, found: Sizing, *, every: bool, json: bool) -> None:
    heads, rows = _LISTS[what](row, now, found)
    if json:
        as_json([dict(zip(heads, each, strict=True)) for each in rows])
        return
    shown = rows if every else rows[:ROWS]
    table(heads, shown)
    if len(rows) > len(shown):
        line(f"The first {len(shown)} of {len(rows):,}; --all has every one.")


def _grants(row: Firm, now: FirmNow, parts: Mapping[Subject, Any]) -> tuple[Row, list[Row]]:
    total = sum(len(part) for part in parts.values())
    found = targets_between(sorted(parts.items()), 0, total)
    labels = Labels(row)
    clients = [_client(now, target) for _subject, target in found]
    labels.learn(Thing.CLIENT, {each for each in clients if each})
    rows: list[Row] = []
    for (subject, target), client in zip(found, clients, strict=True):
        thing = Thing.MEMBER if subject.kind == "member" else Thing.GROUP
        service = target.number if target.kind == "service" else now.service_of(target.number)
        named = target.kind in ("service", "engagement")
        rows.append(
            (
                labels.text(thing, subject.number),
                subject.kind,
                labels.text(Thing.CLIENT, client) if client else "all clients",
                labels.text(Thing.SERVICE, service) if named else "",
                Level(now.grants_of(subject).level_on(target)).name.lower(),
            )
        )
    return ("Who", "Kind", "Client", "Service", "Level"), rows


def _client(now: FirmNow, target: Target) -> int:
    if target.kind == "engagement":
        return now.client_of(target.number)
    return target.number if target.kind == "client" else 0


def _groups(row: Firm, _now: FirmNow, found: Sizing) -> tuple[Row, list[Row]]:
    labels = Labels(row)
    return ("Group",), [(labels.text(Thing.GROUP, each),) for each in found.groups_of_nobody]


def _away(row: Firm, now: FirmNow, found: Sizing) -> tuple[Row, list[Row]]:
    labels = Labels(row)
    rows: list[Row] = []
    for holder, clients in sorted(found.one_holder_away.items()):
        labels.learn(Thing.CLIENT, clients)
        state = "away" if holder in now.active_members else "deactivated"
        rows += [
            (labels.text(Thing.CLIENT, each), labels.text(Thing.MEMBER, holder), state) for each in clients
        ]
    return ("Client", "Who alone could open it", ""), rows


def _delegations(row: Firm, _now: FirmNow, found: Sizing) -> tuple[Row, list[Row]]:
    labels = Labels(row)
    rows: list[Row] = [tuple(labels.text(Thing.MEMBER, each) for each in pair) for pair in found.never_used]
    return ("From", "To"), rows


_LISTS: Mapping[str, Callable[[Firm, FirmNow, Sizing], tuple[Row, list[Row]]]] = {
    "unused": lambda row, now, found: _grants(row, now, found.unused),
    "reading": lambda row, now, found: _grants(row, now, found.only_reading),
    "groups": _groups,
    "away": _away,
    "delegations": _delegations,
}
