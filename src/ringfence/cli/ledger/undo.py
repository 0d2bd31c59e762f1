"""`ringfence ledger undo`: an entry taken back by the opposite commands, or only shown (rules.md 6)."""

import time

import click

from ringfence.access import OPERATOR, Actor, ListRefused, Overtaken, Working, save
from ringfence.access.undoing import StandsAgainst, Undoing, ask_undoing
from ringfence.cli.changing.effect import levels_record, show_effect
from ringfence.cli.faults import Fault, refusal_text
from ringfence.cli.naming.finding import FirmNames, find_firm
from ringfence.cli.options import firm_option, json_option
from ringfence.cli.sentences import worded
from ringfence.cli.show import as_json, line
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm
from ringfence.wording.undoing import cannot_text, remains_text

PAUSE = 0.2
"""Seconds between two looks at how far the past before the entry has been worked out."""
MOST_AGAINST = 10
"""Later entries that are named as standing against it."""


@click.command("undo")
@click.argument("entry", type=click.IntRange(min=1))
@firm_option
@click.option("--as", "member", metavar="MEMBER", help="Undo it as this member; else the operator does.")
@click.option("--reason", metavar="TEXT", default="", help="Why, for the ledger.")
@click.option("--preview", "only_preview", is_flag=True, help="Say what it would do; change nothing.")
@json_option
def undo(
    entry: int, firm: str | None, member: str | None, reason: str, only_preview: bool, json: bool
) -> None:
    """Take back what ENTRY changed, where nothing that came later stands against it.

    What was changed since stays as it is. The undoing is an entry of its own, with its number.
    """
    found = find_firm(firm)
    if entry > found.version:
        raise _no_such_entry(found, entry)
    actor = OPERATOR if member is None else Actor(FirmNames(found).need(Thing.MEMBER, member))
    undoing = _asked(found, entry, actor, reason)
    if only_preview:
        _show(found, undoing, json)
        return
    try:
        version = save(undoing.rehearsal)
    except Overtaken as overtaken:
        raise Fault("The firm was changed meanwhile. Nothing was changed: try again.") from overtaken
    if json:
        as_json({"firm": found.pk, "undone": entry, "version": version})
        return
    line(f"Done: entry {entry} is undone by entry {version} in the ledger of {found.name}.")
    _say_what_stays(undoing)


def _asked(firm: Firm, entry: int, actor: Actor, reason: str) -> Undoing:
    try:
        while isinstance(found := ask_undoing(firm.pk, entry, actor=actor, reason=reason), Working):
            time.sleep(PAUSE)
    except StandsAgainst as against:
        raise Fault(_stands_against(against)) from against
    except ListRefused as refused:
        raise Fault(refusal_text(refused.refused)) from refused
    except Overtaken as overtaken:
        raise Fault("The firm was changed meanwhile. Nothing was changed: try again.") from overtaken
    if found is None:
        raise _no_such_entry(firm, entry)
    return found


def _no_such_entry(firm: Firm, entry: int) -> Fault:
    return Fault(f"The ledger of {firm.name} has no entry {entry}: `ringfence ledger show` lists them.")


def _stands_against(against: StandsAgainst) -> str:
    said = f"{worded(cannot_text(against.why))} Nothing was changed."
    if not against.later:
        return said
    named = ", ".join(str(number) for number in list(against.later)[:MOST_AGAINST])
    more = len(against.later) - MOST_AGAINST
    return f"{said} Later entries: {named}{f' and {more:,} more' if more > 0 else ''}."


def _show(firm: Firm, undoing: Undoing, json: bool) -> None:
    what = undoing.rehearsal.difference()
    if json:
        pairs = {"gains": what.gains, "loses": what.loses, "changes": what.changes}
        as_json(
            {
                name: {member: list(clients) for member, clients in each.items()}
                for name, each in pairs.items()
            }
            | {"levels": levels_record(what.shifted)}
            | {"opens": list(what.opens), "closes": list(what.closes)}
        )
        return
    if not what.empty:
        line("Nothing was changed. This is what it would do:")
    show_effect(
        firm,
        what,
        undoing.rehearsal.ownerless(),
        undoing.rehearsal.texts,
        undoing.rehearsal.breaks(),
        undoing.rehearsal.both_sides(),
    )
    _say_what_stays(undoing)


def _say_what_stays(undoing: Undoing) -> None:
    for left in sorted(undoing.left):
        line(f"- {worded(remains_text(left))}")
