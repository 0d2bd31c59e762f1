"""What policies say of somebody erased goes with them: their files and names, now and in every version.

Statements name by numbers, which stay. A policy whose file is gone is written anew from them wherever it is
shown (`policing/writing.py`), and whoever has no name is there by number.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from django.db.models import Q

from ringfence.core import events as e
from ringfence.core.directory import unique_key
from ringfence.core.statements import Statement, named
from ringfence.core.terms import Thing
from ringfence.core.texts import POLICY_NAME
from ringfence.firms.models import Draft, LedgerEntry, LedgerText, Policy
from ringfence.proof.chain import decode_fields
from ringfence.store.body import decode_body

from .texts import Gone, forget_texts, texts_about

DRAFTS = "policy.set"
"""The purpose of drafts of policies."""
SHORTEST = 4
"""Characters of an address or reference: shorter ones are found in what means something else."""
_STATEMENTS = msgspec.json.Decoder(tuple[Statement, ...])


class Erased(NamedTuple):
    """Who is erased, and everything that they were ever called."""

    thing: Thing
    """A member or a client."""
    number: int
    words: re.Pattern[str] | None

    def named_in(self, statements: Collection[Statement]) -> bool:
        said = named(statements)
        return self.number in (said.members if self.thing is Thing.MEMBER else said.clients)

    def called_in(self, *texts: str) -> bool:
        return self.words is not None and any(self.words.search(text) for text in texts)

    def without(self, text: str) -> str:
        """The text with their number in place of what they were called."""
        return text if self.words is None else self.words.sub(f"#{self.number}", text)


def to_be_erased(firm: int, thing: Thing, number: int, engagements: Collection[int] = ()) -> Erased:
    """Asked before their words go; `engagements` are a client's."""
    wanted = {thing: [number], Thing.ENGAGEMENT: engagements}
    said = [
        decode_fields(text)
        for given in texts_about(firm, wanted, 2**62).values()
        for _number, _entry, _slot, text in given
        if text is not None
    ]
    words = {fields.get("name", "") for fields in said}
    for field in ("email", "user_name", "external", "reference"):
        words |= {each for fields in said if len(each := fields.get(field, "")) >= SHORTEST}
    longest_first = sorted(filter(None, map(str.strip, words)), key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first))
    pattern = re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE) if either else None
    return Erased(thing, number, pattern)


def forget_in_policies(firm: int, erased: Erased, gone: Gone) -> list[e.Text]:
    """Erase what policies say of them; what those that stand say without it, for the entry."""
    Draft.objects.filter(firm=firm, purpose=DRAFTS).delete()
    changed: set[int] = set()
    for row, said in _versions(firm):
        fields = decode_fields(row.text or "{}")
        written = fields.get("text", "")
        if (written and erased.named_in(said.get(row.number, ()))) or erased.called_in(*fields.values()):
            forget_texts(firm, Q(entry=row.entry, slot=row.slot), gone)
            changed.add(row.number)
    return [_said_anew(policy, erased) for policy in Policy.objects.filter(firm=firm, number__in=changed)]


def _versions(firm: int) -> Iterator[tuple[LedgerText, Mapping[int, Sequence[Statement]]]]:
    """Each text about a policy, and the statements of the policies that its entry sets."""
    rows = list(LedgerText.objects.filter(firm=firm, thing=Thing.POLICY.value, text__isnull=False))
    entries = LedgerEntry.objects.filter(firm=firm, number__in={row.entry for row in rows})
    said = {
        entry.number: {
            event.policy: event.statements
            for event in decode_body(bytes(entry.body)).events
            if isinstance(event, e.PolicySet)
        }
        for entry in entries.iterator(chunk_size=100)
    }
    return ((row, said.get(row.entry, {})) for row in rows)


def _said_anew(policy: Policy, erased: Erased) -> e.Text:
    """The words of a policy that stands, without theirs."""
    by_number = erased.named_in(_STATEMENTS.decode(policy.statements))
    text = "" if by_number or erased.called_in(policy.text) else policy.text
    name = _free(policy, erased.without(policy.name))
    return e.Text(thing=Thing.POLICY, number=policy.number, fields={"name": name, "text": text})


def _free(policy: Policy, name: str) -> str:
    """The name, or with the policy's number where another policy has it already."""
    others = Policy.objects.filter(firm=policy.firm, name_key=unique_key(name)).exclude(number=policy.number)
    ending = f" ({policy.number})" if others.exists() else ""
    return name[: POLICY_NAME - len(ending)] + ending
