"""Parts of a pack about what was done: every change with who, why and what it moved; some by themselves."""

from collections.abc import Callable, Iterator
from itertools import islice

from ringfence.access import Entry
from ringfence.access.ledger.entries import reasons_of
from ringfence.access.proof.effects import EntryEffect, MovedPairs, effects
from ringfence.core.terms import Thing
from ringfence.lists.export.writing import Cells
from ringfence.wording import entry_text, event_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import moment_text

from .firm_then import PackFirm

AT_ONCE = 200
"""Entries whose names are read at once."""
MOST_SENTENCES = 20
"""Events of an entry that its row tells: more would not fit into a cell of a spreadsheet."""
APART = ("emergency", "review", "policy", "wall")
"""First words of the commands whose entries stand in a part of their own too."""


def headers() -> Cells:
    """Of every part that tells entries."""
    return (
        _("Entry"),
        _("When"),
        _("By whom"),
        _("What was done"),
        _("Details"),
        _("Reason"),
        _("Gave themselves access"),
        _("Access gained (people × [clients])"),
        _("Access lost (people × [clients])"),
        _("Access changed (people × [clients])"),
        _("Who gained and lost what, the first of them"),
    )


def changes(firm: PackFirm) -> tuple[Cells, Iterator[Cells]]:
    """Every change between the two moments."""
    return headers(), _changes(firm)


def apart(word: str) -> Callable[[PackFirm], tuple[Cells, Iterator[Cells]]]:
    """The changes whose command begins with this word; after `changes` was written."""
    return lambda firm: (headers(), iter(firm.chosen.get(word, [])))


def _changes(firm: PackFirm) -> Iterator[Cells]:
    found = effects(firm.row.pk, firm.after, firm.then.version)
    while some := list(islice(found, AT_ONCE)):
        names = firm.names
        names.learn((entry for entry, _effect in some), MOST_SENTENCES)
        pairs = [pair for _entry, effect in some for pair in (*effect.gained.first, *effect.lost.first)]
        names.learn_things(Thing.MEMBER, {member for member, _client in pairs})
        names.learn_things(Thing.CLIENT, {client for _member, client in pairs})
        reasons = reasons_of(firm.row.pk, [entry.number for entry, _effect in some])
        for entry, effect in some:
            row = _row(firm, entry, effect, reasons.get(entry.number, ""))
            word = entry.command.partition(".")[0]
            if word in APART:
                firm.chosen.setdefault(word, []).append(row)
            yield row


def _row(firm: PackFirm, entry: Entry, effect: EntryEffect, reason: str) -> Cells:
    names = firm.names
    told = [event_text(event, names) for event in entry.events[:MOST_SENTENCES]]
    more = len(entry.events) - MOST_SENTENCES
    if more > 0:
        told.append(_("and %(count)s more") % {"count": more})
    moved = [
        *(f"+ {each}" for each in _named(firm, effect.gained)),
        *(f"− {each}" for each in _named(firm, effect.lost)),
    ]
    return (
        str(entry.number),
        moment_text(entry.at, firm.zone),
        names.actor(entry.actor.member),
        entry_text(entry.command),
        "; ".join(told),
        reason,
        _("yes") if entry.self_access else "",
        *(str(each.count) for each in (effect.gained, effect.lost, effect.changed)),
        "; ".join(moved),
    )


def _named(firm: PackFirm, moved: MovedPairs) -> list[str]:
    names = firm.names
    return [f"{names.member(member)}: {names.client(client)}" for member, client in moved.first]
