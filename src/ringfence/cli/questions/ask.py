"""`ringfence check`, `who` and `sees`: the three questions, by the one decision (rules.md 2)."""

from collections.abc import Sequence

import click
from pyroaring import BitMap

from ringfence.access.reading import client_names
from ringfence.cli.faults import ended
from ringfence.cli.naming.looking import Look, look
from ringfence.cli.options import at_option, firm_option, json_option
from ringfence.cli.sentences import clients as counted_clients
from ringfence.cli.sentences import members, worded
from ringfence.cli.show import as_json, line, table
from ringfence.core.decision.among import who_sees
from ringfence.core.decision.single import decide
from ringfence.core.directory import sort_key
from ringfence.core.terms import Level, Reason, Thing
from ringfence.wording import level_name

PAGE = 50
"""Clients that `sees` lists for people unless told otherwise."""

service_option = click.option("--service", metavar="NAME", help="Only this service of the client.")


@click.command()
@click.argument("member")
@click.argument("client")
@service_option
@firm_option
@at_option
@json_option
@click.pass_context
def check(
    ctx: click.Context,
    member: str,
    client: str,
    service: str | None,
    firm: str | None,
    at: str | None,
    json: bool,
) -> None:
    """May MEMBER open CLIENT? Exit code 0 where they see it, 1 where they do not.

    The level on the client as a whole is the lowest over its services (rules.md 2).
    """
    seen = look(firm, at)
    who, what = seen.member(member), seen.client(client)
    engagements = seen.engagements(what, service)
    found = {number: decide(seen.moment, who, number) for number in engagements}
    level = min((each.level for each in found.values()), default=Level.NONE)
    allowed = any(each.allowed for each in found.values())
    if json:
        as_json(
            {
                **seen.head(),
                "member": who,
                "client": what,
                "allowed": allowed,
                "level": level.word,
                "engagements": [
                    {
                        "engagement": number,
                        "service": seen.service_of(number),
                        "level": each.level.word,
                        "reason": each.reason.value,
                    }
                    for number, each in found.items()
                ],
            }
        )
    else:
        answer = "may open" if allowed else "may not open"
        line(ended(f"{seen.labels.member(who)} {answer} {seen.labels.client(what)}{seen.when}"))
        rows = [
            (seen.service_of(number), _level(each.level, each.reason), each.reason.value)
            for number, each in found.items()
        ]
        table(("Service", "Level", "Reason"), rows)
        if len(rows) > 1:
            line(f"On the whole: {level_name(level)}.")
    ctx.exit(0 if allowed else 1)


@click.command()
@click.argument("client")
@firm_option
@at_option
@json_option
def who(client: str, firm: str | None, at: str | None, json: bool) -> None:
    """Who may open CLIENT, and at what level on the whole?"""
    seen = look(firm, at)
    what = seen.client(client)
    found = who_sees(seen.moment, what)
    seen.labels.learn(Thing.MEMBER, found)
    order = sorted(found, key=lambda number: (sort_key(seen.labels.member(number)), number))
    if json:
        as_json(
            {
                **seen.head(),
                "client": what,
                "total": len(found),
                "members": [
                    {
                        "member": number,
                        "name": seen.labels.member(number),
                        "email": seen.labels.text(Thing.MEMBER, number, "email"),
                        "level": found[number].word,
                        "reasons": _reasons(seen, number, what),
                    }
                    for number in order
                ],
            }
        )
        return
    opens = "may open" if len(found) != 1 else "opens"
    line(ended(f"{members(len(found))} {opens} {seen.labels.client(what)}{seen.when}"))
    if found:
        rows = [
            (
                seen.labels.member(number),
                seen.labels.text(Thing.MEMBER, number, "email"),
                seen.moment.state.members[number].role.value,
                level_name(found[number]),
                ", ".join(_reasons(seen, number, what)),
            )
            for number in order
        ]
        table((worded("[Member]"), "E-mail", "Role", "Level", "Reasons"), rows)


def _level(level: Level, reason: Reason) -> str:
    return level_name(level, own=reason is Reason.DIRECT)


def _reasons(seen: Look, member: int, client: int) -> list[str]:
    """The reasons that open any of the client's engagements."""
    engagements = seen.moment.state.register.engagements_of(client)
    decisions = [decide(seen.moment, member, number) for number in engagements]
    return sorted({each.reason.value for each in decisions if each.allowed})


@click.command()
@click.argument("member")
@service_option
@click.option("--limit", type=click.IntRange(min=1), default=PAGE, show_default=True, help="Lines to print.")
@click.option("--all", "everything", is_flag=True, help="Print every line.")
@firm_option
@at_option
@json_option
def sees(
    member: str,
    service: str | None,
    limit: int,
    everything: bool,
    firm: str | None,
    at: str | None,
    json: bool,
) -> None:
    """Which clients does MEMBER see, by name? Programs (--json) get all of them."""
    seen = look(firm, at)
    who = seen.member(member)
    clients = seen.moment.clients(who)
    if service is not None:
        register = seen.moment.state.register
        with_it = register.by_service.get(seen.names.need(Thing.SERVICE, service), BitMap())
        clients = register.clients_of(seen.moment.reach(who).see & with_it)
    count = len(clients) if everything or json else min(limit, len(clients))
    shown = _by_name(seen, clients, count)
    if json:
        listed = [
            {
                "client": number,
                "name": seen.labels.client(number),
                "reference": seen.labels.text(Thing.CLIENT, number, "reference"),
                "level": seen.moment.client_level(who, number).word,
            }
            for number in shown
        ]
        as_json({**seen.head(), "member": who, "total": len(clients), "clients": listed})
        return
    line(f"{seen.labels.member(who)} sees {counted_clients(len(clients))}{seen.when}.")
    if not shown:
        return
    rows = [
        (
            seen.labels.client(number),
            seen.labels.text(Thing.CLIENT, number, "reference"),
            level_name(seen.moment.client_level(who, number)),
        )
        for number in shown
    ]
    table((worded("[Client]"), "Reference", "Level on the whole"), rows)
    if count < len(clients):
        line(f"and {len(clients) - count:,} more: --limit N or --all prints them.")


def _by_name(seen: Look, clients: BitMap, count: int) -> Sequence[int]:
    """The first clients in the order of their names of that time."""
    if not seen.past:
        shown = client_names(seen.firm.pk).page(clients, 0, count)
        seen.labels.learn(Thing.CLIENT, shown)
        return shown
    seen.labels.learn(Thing.CLIENT, clients)
    return sorted(clients, key=lambda number: (sort_key(seen.labels.client(number)), number))[:count]
