"""`ringfence do` and `ringfence preview`: every command of rules.md 7, carried out or only asked about."""

from typing import Any, NamedTuple

import click

from ringfence.access import OPERATOR, Actor, Preview, Refused, execute
from ringfence.access import preview as ask
from ringfence.cli.faults import Fault, refusal_text
from ringfence.cli.naming.finding import FirmNames, find_firm
from ringfence.cli.options import firm_option, json_option
from ringfence.cli.show import as_json, line
from ringfence.core.commands import Command, Problem
from ringfence.core.commands.definitions import AddToken
from ringfence.core.commands.parsing import COMMAND_NAMES, parse
from ringfence.core.terms import Thing
from ringfence.firms.models import Firm

from .effect import levels_record, show_circle, show_effect, show_left_out, show_settings
from .values import read_command, setting_values

_EPILOG = "Commands: " + ", ".join(COMMAND_NAMES)


class CommandGiven(NamedTuple):
    """A command as it was typed, read."""

    firm: Firm
    names: FirmNames
    command: Command
    actor: Actor


@click.command(epilog=_EPILOG)
@click.argument("command", metavar="COMMAND")
@click.argument("values", metavar="NAME=VALUE...", nargs=-1)
@firm_option
@click.option("--as", "member", metavar="MEMBER", help="Give it as this member; else the operator gives it.")
@click.option("--reason", metavar="TEXT", help="Why, for the ledger.")
@click.option("--preview", "only_preview", is_flag=True, help="Say what it would do; change nothing.")
@json_option
def do(
    command: str,
    values: tuple[str, ...],
    firm: str | None,
    member: str | None,
    reason: str | None,
    only_preview: bool,
    json: bool,
) -> None:
    """Give a command of the rules (rules.md 7), or see what it would do.

    \b
    ringfence do group.create group="Team A" members=susan@example.org,john@example.org
    ringfence do grant.set to="group:Team A" on=ACM001 level=editor expires=2026-12-31
    ringfence do grant.set to=John on='{client: ACM001, service: VAT}' level=blocked

    Members are named by e-mail address, clients by reference; by name where only one has it; or by #NUMBER.
    Lists are separated by commas; what starts with { or [ is JSON or YAML.
    """
    given = _read(command, values, firm, member, reason)
    if only_preview:
        _show_preview(given, _asked(given), json)
        return
    try:
        done = execute(given.firm.pk, given.command, actor=given.actor)
    except Refused as refused:
        raise _refusal(given, refused) from refused
    if json:
        as_json({"firm": given.firm.pk, "command": command, "version": done.version, "at": done.at})
    else:
        line(f"Done: {command} is entry {done.version} in the ledger of {given.firm.name}.")
        show_circle(given.firm, given.command)


@click.command(epilog=_EPILOG)
@click.argument("command", metavar="COMMAND")
@click.argument("values", metavar="NAME=VALUE...", nargs=-1)
@firm_option
@click.option("--as", "member", metavar="MEMBER", help="As this member would give it.")
@json_option
def preview(command: str, values: tuple[str, ...], firm: str | None, member: str | None, json: bool) -> None:
    """See who would gain and who would lose by a command of the rules; nothing is changed (rules.md 6)."""
    given = _read(command, values, firm, member, None)
    _show_preview(given, _asked(given), json)


def _read(
    name: str, values: tuple[str, ...], firm: str | None, member: str | None, reason: str | None
) -> CommandGiven:
    found = find_firm(firm)
    names = FirmNames(found)
    actor = OPERATOR if member is None else Actor(names.need(Thing.MEMBER, member))
    arguments = read_command(name, values, names)
    if reason is not None:
        if "reason" in arguments:
            raise Fault("The reason is given twice: leave out --reason or reason=….")
        arguments["reason"] = reason
    command = parse(name, arguments, names)
    if isinstance(command, AddToken):
        raise Fault("A token has a text, which is made with it: use `ringfence token add`.")
    return CommandGiven(found, names, command, actor)


def _asked(given: CommandGiven) -> Preview:
    try:
        return ask(given.firm.pk, given.command, actor=given.actor)
    except Refused as refused:
        raise _refusal(given, refused) from refused


def _refusal(given: CommandGiven, refused: Refused) -> Fault:
    """The refusal, with what only the terminal knows: the words that meant nothing, and its options."""
    more = ""
    if refused.problem is Problem.NO_MEMBER_ACTING:
        more = "Give it with --as MEMBER."
    elif refused.problem is Problem.NO_SUCH_SETTING:
        more = setting_values(refused.field)
    # A member is told the same of what is not there and of what they may not know of (rules.md 5).
    unknown = given.names.unknown_text() if given.actor == OPERATOR else ""
    return Fault(" ".join(filter(None, (refusal_text(refused), more, unknown))))


# --- What it would do


def _show_preview(given: CommandGiven, found: Preview, json: bool) -> None:
    if json:
        as_json(_as_record(found))
        return
    if not found.difference.empty:
        line("Nothing was changed. This is what it would do:")
    show_settings(given.firm, given.command)
    texts = found.change.texts
    show_effect(given.firm, found.difference, found.ownerless, texts, found.breaks(), found.both_sides())
    show_left_out(given.firm, found.left_out)
    show_circle(given.firm, given.command)


def _as_record(found: Preview) -> dict[str, Any]:
    """All of it: client numbers by member number, exact and whole."""
    what = found.difference
    return {
        "version": found.version,
        "gains": {member: list(clients) for member, clients in what.gains.items()},
        "loses": {member: list(clients) for member, clients in what.loses.items()},
        "changes": {member: list(clients) for member, clients in what.changes.items()},
        "levels": levels_record(what.shifted),
        "left_out": [
            {grant.subject.kind: grant.subject.number, "level": grant.level.word} for grant in found.left_out
        ],
        "opens": list(what.opens),
        "closes": list(what.closes),
        "without_owner": list(found.ownerless.without),
        "owners_walled_off": list(found.ownerless.walled_off),
        "breaks": sorted(found.breaks()),
        "both_sides": [
            {
                "wall": each.wall,
                "member": each.member,
                "road": each.road.value,
                "by": each.by or None,
                "clients": list(each.clients),
            }
            for each in found.both_sides()
        ],
    }
