"""Who would gain and who would lose by a change, told to people; programs get `--json` (rules.md 6).

Counted whole, and the first few named.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pyroaring import BitMap

from ringfence.access import firm_state
from ringfence.access.policing.kept import policy_words
from ringfence.cli.naming.labels import Labels
from ringfence.cli.sentences import clients, members, worded
from ringfence.cli.show import counted, line, table
from ringfence.core.commands import Command
from ringfence.core.commands.definitions import ChangeSettings, SetDelegation
from ringfence.core.compare.both_sides import OnBothSides, Road
from ringfence.core.compare.difference import Difference
from ringfence.core.compare.engagements import ShiftedEngagements
from ringfence.core.compare.moved import Pairs
from ringfence.core.decision.ownerless import Ownerless
from ringfence.core.events import Text
from ringfence.core.many_texts import ManyTexts, runs
from ringfence.core.settings import CHANGEABLE, changed
from ringfence.core.terms import Thing
from ringfence.core.values import DefaultGrant
from ringfence.firms.models import Firm
from ringfence.wording.both_sides import both_sides_sentence
from ringfence.wording.delegations import circle_text
from ringfence.wording.settings_text import setting_title, value_name

SHOWN = 10
"""Lines of each table that people get."""
NAMED = 5
"""Clients that a line names."""


class Coming:
    """What the change itself would add or rename: it has no such name in the tables yet."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self._names: dict[tuple[Thing, int], str] = {}
        self._many: list[ManyTexts] = []
        for _thing, alike in runs(texts):
            if isinstance(alike, ManyTexts):
                self._many.append(alike)
                continue
            for text in alike:
                self._names[text.thing, text.number] = text.fields.get("name", "")

    def name(self, thing: Thing, number: int) -> str:
        """The name that it brings, "" for none."""
        found = self._names.get((thing, number), "")
        some = (many.field(number, "name") for many in self._many if many.thing is thing)
        return found or next(filter(None, some), "")


def show_effect(
    firm: Firm,
    what: Difference,
    ownerless: Ownerless,
    texts: Sequence[Text],
    breaks: Collection[int] = (),
    both_sides: Iterable[OnBothSides] = (),
) -> None:
    """Print what a change would do to access. `texts` are those that it brings with it.

    `breaks` are the policies of the firm that hold now and would not afterwards.
    """
    labels = Labels(firm)
    coming = Coming(texts)
    if what.empty:
        line("Nobody's access would change.")
    else:
        _show_pairs("gain", "start to see", what.gains, labels, coming)
        _show_pairs("lose", "no longer see", what.loses, labels, coming)
        changes = "have another level, or see other services, on"
        _show_pairs("have another level", changes, what.changes, labels, coming, what.shifted)
        _show_clients("become open to all", what.opens, labels, coming)
        _show_clients("become closed", what.closes, labels, coming)
    for concerned, without in (
        (ownerless.without, "have no Owner who is a person, which the firm requires"),
        (ownerless.walled_off, "have every Owner who is a person kept out by a wall"),
    ):
        if concerned:
            _show_clients(without, concerned, labels, coming)
    if breaks:
        named = ", ".join(name for number, (name, _text) in policy_words(firm.pk).items() if number in breaks)
        line(f"- {counted(len(breaks), 'policy', 'policies')} of the firm would be broken: {named}")
    for found in both_sides:
        _show_both_sides(found, labels, coming)


def _show_both_sides(found: OnBothSides, labels: Labels, coming: Coming) -> None:
    first = list(found.clients[:NAMED])
    by = labels.group(found.by) if found.road is Road.GROUP else labels.member(found.by) if found.by else ""
    sentence = both_sides_sentence(
        found.road,
        member=_called(labels, coming, Thing.MEMBER, found.member),
        wall=_called(labels, coming, Thing.WALL, found.wall),
        by=by,
        clients=tuple(_called(labels, coming, Thing.CLIENT, number) for number in first),
        count=len(found.clients),
    )
    line(f"- {worded(sentence)}")


def show_left_out(firm: Firm, left_out: Iterable[DefaultGrant]) -> None:
    """Print the personal defaults that a new client would not start with, and why."""
    labels = Labels(firm)
    for grant in left_out:
        member = grant.subject.kind == "member"
        whose = labels.member(grant.subject.number) if member else labels.group(grant.subject.number)
        line(
            f"- Left out of the personal defaults: {grant.level.word} for {whose}, "
            "which who adds the client could not give."
        )


def show_settings(firm: Firm, command: Command) -> None:
    """Each setting that would change, one of a profile's too: what it will be, and what it was."""
    if not isinstance(command, ChangeSettings):
        return
    was = firm_state(firm.pk).settings
    will = changed(was, command.values)
    for name in CHANGEABLE:
        before, after = getattr(was, name), getattr(will, name)
        if before != after:
            line(
                f"- {setting_title(name)}: {value_name(name, after)} (was: {value_name(name, before)})",
            )


def show_circle(firm: Firm, command: Command) -> None:
    """Say so where a delegation leads back to who makes it."""
    if not isinstance(command, SetDelegation):
        return
    if command.delegator in {link.delegate for link in firm_state(firm.pk).onward(command.delegate)}:
        labels = Labels(firm)
        line(f"- {circle_text(labels.member(command.delegate), labels.member(command.delegator))}")


def _show_pairs(
    word: str,
    what: str,
    pairs: Pairs,
    labels: Labels,
    coming: Coming,
    shifted: ShiftedEngagements | None = None,
) -> None:
    """A line for each member; with the levels before and after where they are given."""
    if not pairs:
        line(f"- Nobody would {word}.")
        return
    seen = clients(len(pairs.clients))
    between = f", {pairs.total:,} pairs" if len(pairs) > 1 else ""
    line(f"- {members(len(pairs))} would {what} {seen}{between}:")
    first = list(pairs)[:SHOWN]
    rows = [
        (f"  {_called(labels, coming, Thing.MEMBER, member)}", _few(pairs[member], labels, coming))
        for member in first
    ]
    heads = (worded("  [Member]"), worded("[Clients]"))
    if shifted is None:
        table(heads, rows)
    else:
        levels = [_levels_text(shifted, member) for member in first]
        table((*heads, "Level"), [(*row, level) for row, level in zip(rows, levels, strict=True)])
    if len(pairs) > SHOWN:
        line(f"  and {len(pairs) - SHOWN:,} more")


def _levels_text(shifted: ShiftedEngagements, member: int) -> str:
    """``owner to reader``; of several with how many clients each is of; empty where no level is another."""
    found = shifted.by_level(member) if member in shifted else ()
    texts = [f"{each.before.word} to {each.after.word}" for each in found]
    if len(found) > 1:
        counts = (clients(each.engagements.client_count) for each in found)
        texts = [f"{text} on {count}" for text, count in zip(texts, counts, strict=True)]
    return "; ".join(texts)


def levels_record(shifted: ShiftedEngagements) -> dict[int, list[dict[str, Any]]]:
    """By member number, the levels before and after with the numbers of the clients, for `--json`."""
    return {
        member: [
            {"from": each.before.word, "to": each.after.word, "clients": list(each.engagements.clients)}
            for each in shifted.by_level(member)
        ]
        for member in shifted
    }


def _show_clients(what: str, concerned: BitMap, labels: Labels, coming: Coming) -> None:
    if concerned:
        line(f"- {clients(len(concerned))} would {what}: {_few(concerned, labels, coming)}")
    else:
        line(f"- {worded('No [client]')} would {what}.")


def _few(concerned: BitMap, labels: Labels, coming: Coming) -> str:
    first = list(concerned[:NAMED])
    labels.learn(Thing.CLIENT, first)
    names = ", ".join(_called(labels, coming, Thing.CLIENT, number) for number in first)
    more = len(concerned) - len(first)
    return f"{names} and {more:,} more" if more else names


def _called(labels: Labels, coming: Coming, thing: Thing, number: int) -> str:
    return coming.name(thing, number) or labels.name(thing, number)
