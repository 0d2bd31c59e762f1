"""`ringfence why`: the proof of a decision, and for a denial what would allow it and who may do that."""

from collections.abc import Iterable

import click
import msgspec

from ringfence import wording
from ringfence.cli.naming.looking import Look, look
from ringfence.cli.options import at_option, firm_option, json_option
from ringfence.cli.sentences import proof
from ringfence.cli.show import as_json, line
from ringfence.core.explanation.explanation import Explanation, explain
from ringfence.core.remedies.remedies import Remedy, client_remedies, remedies
from ringfence.core.terms import GIVING, Level
from ringfence.wording import RemedyText

from .ask import service_option

REMEDIES = 5
"""Ways in that people are shown, the smallest first; programs get all."""


@click.command()
@click.argument("member")
@click.argument("client")
@service_option
@click.option(
    "--level",
    type=click.Choice([level.word for level in GIVING]),
    help="Say what would give this level, instead of what would let them in at all.",
)
@firm_option
@at_option
@json_option
def why(
    member: str,
    client: str,
    service: str | None,
    level: str | None,
    firm: str | None,
    at: str | None,
    json: bool,
) -> None:
    """Why may MEMBER open CLIENT, or why not? The administrator's text: it names groups, blocks and walls."""
    seen = look(firm, at)
    who, what = seen.member(member), seen.client(client)
    engagements = seen.engagements(what, service)
    explained = [explain(seen.moment, who, number) for number in engagements]
    wanted = Level.of(level) if level else None
    ways = [] if seen.past else _ways(seen, who, what, engagements if service else None, wanted)
    if json:
        as_json(
            {
                **seen.head(),
                "member": who,
                "client": what,
                "engagements": [_as_record(seen, each) for each in explained],
                "remedies": [msgspec.to_builtins(text) for text in ways],
            }
        )
        return
    if seen.past:
        line(f"{seen.firm.name}{seen.when}, after entry {seen.version}:")
    for each in explained:
        answer, *facts = proof(each, seen.labels)
        line(answer)
        for fact in facts:
            line(f"  {fact}")
    if ways:
        _show_ways(ways)


def _ways(
    seen: Look, member: int, client: int, engagements: Iterable[int] | None, level: Level | None
) -> list[RemedyText]:
    """What would let the member in: on the one engagement, else on the client as a whole."""
    found: tuple[Remedy, ...]
    if engagements is None:
        found = client_remedies(seen.moment, member, client, level)
    else:
        (engagement,) = engagements
        found = remedies(seen.moment, member, engagement, level)
    return [wording.remedy_text(remedy, member, seen.labels, seen.moment) for remedy in found]


def _show_ways(ways: list[RemedyText]) -> None:
    line()
    line("What would change it, the smallest change first:")
    for number, way in enumerate(ways[:REMEDIES], 1):
        for place, step in enumerate(way.steps):
            line(f"{f'{number}.' if not place else '':<3} {step.text}")
            makers = ", ".join(step.makers) if step.makers else "nobody at present; the operator, with `do`"
            line(f"    Who may do it: {makers}.")
        line(f"    It would give {way.level}. {way.effect}")
    if len(ways) > REMEDIES:
        line(f"and {len(ways) - REMEDIES} more with --json.")


def _as_record(seen: Look, found: Explanation) -> dict[str, object]:
    return {
        "engagement": found.engagement,
        "service": seen.service_of(found.engagement),
        "level": found.decision.level.word,
        "reason": found.decision.reason.value,
        "step": found.step,
        "proof": proof(found, seen.labels),
        "facts": msgspec.to_builtins(found.grants),
    }
