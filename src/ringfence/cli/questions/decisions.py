"""`ringfence decisions`: the log of what the decision service answered about a firm, and switching it."""

from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import click

from ringfence.access.actor import OPERATOR
from ringfence.access.decision_log import (
    LEAST_DAYS,
    MOST_DAYS,
    Logged,
    LogQuestion,
    count_lost,
    logged_decisions,
    switch_decision_log,
)
from ringfence.cli.faults import Fault
from ringfence.cli.naming.finding import FirmNames, find_firm
from ringfence.cli.naming.labels import Labels
from ringfence.cli.options import as_datetime, firm_option, json_option, moment_text, read_moment
from ringfence.cli.show import as_json, counted, line, table
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm

LAST = 20
"""Entries that are listed unless told otherwise."""


@click.command()
@firm_option
@click.option("--member", metavar="M", help="Only what was asked about this member.")
@click.option("--client", metavar="C", help="Only what was asked about this client.")
@click.option("--denied", is_flag=True, help="Only what was refused.")
@click.option("--since", metavar="MOMENT", help="From 2026-03-03T14:30 on.")
@click.option("--last", type=click.IntRange(1), default=LAST, show_default=True, help="How many, at most.")
@click.option("--all", "every", is_flag=True, help="All of them, however many.")
@click.option(
    "--keep",
    type=click.IntRange(LEAST_DAYS, MOST_DAYS),
    metavar="DAYS",
    help="Log decisions from now on, and keep each for so many days.",
)
@click.option("--stop", is_flag=True, help="Log no more; what is kept stays for its time.")
@json_option
def decisions(
    firm: str | None,
    member: str | None,
    client: str | None,
    denied: bool,
    since: str | None,
    last: int,
    every: bool,
    keep: int | None,
    stop: bool,
    json: bool,
) -> None:
    """What the firm's software was answered, the latest first; switch the log on or off."""
    row = find_firm(firm)
    if keep is not None or stop:
        _switch(row, keep, stop=stop)
        return
    names = FirmNames(row)
    wanted = LogQuestion(
        members=frozenset({names.need(Thing.MEMBER, member)}) if member else None,
        client=names.need(Thing.CLIENT, client) if client else None,
        denied=denied,
        since=read_moment(since, ZoneInfo(row.timezone)) if since else None,
    )
    found = logged_decisions(row.pk, wanted)
    entries = list(found) if every else list(islice(found, last))
    if json:
        as_json([_record(entry) for entry in entries])
        return
    _show(row, entries)


def _switch(row: Firm, keep: int | None, *, stop: bool) -> None:
    if stop and keep is not None:
        raise Fault("--keep and --stop say the opposite of each other: give one. Nothing was changed.")
    switch_decision_log(row.pk, on=not stop, days=keep or row.decision_days, actor=OPERATOR)
    line(
        f"{row.name}: decisions are not logged."
        if stop
        else f"{row.name}: decisions are logged, and kept for {counted(keep or 0, 'day')}."
    )


def _record(entry: Logged) -> dict[str, Any]:
    return {**entry._asdict(), "at": as_datetime(entry.at).isoformat()}


def _show(row: Firm, entries: list[Logged]) -> None:
    labels = Labels(row)
    labels.learn(Thing.MEMBER, {entry.member for entry in entries if entry.member})
    labels.learn(Thing.CLIENT, {entry.client for entry in entries if entry.client})
    labels.learn(Thing.TOKEN, {entry.token for entry in entries if entry.token})
    zone = ZoneInfo(row.timezone)
    lines = [
        (
            moment_text(entry.at, zone),
            labels.member(entry.member) if entry.member else "-",
            entry.action or entry.kind,
            labels.client(entry.client) if entry.client else "-",
            str(entry.answer) if entry.kind != "evaluation" else "yes" if entry.answer else "no",
            entry.reason,
            labels.token(entry.token) if entry.token else "-",
        )
        for entry in entries
    ]
    table(("When", "Member", "What", "Client", "Answer", "Reason", "Token"), lines)
    if not row.logs_decisions:
        line("Decisions are not logged now; `ringfence decisions --keep DAYS` switches that on.")
    if lost := count_lost(row.pk):
        line(f"{counted(lost, 'answer')} came too fast to be kept.")
