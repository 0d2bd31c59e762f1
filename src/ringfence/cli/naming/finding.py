"""Which firm, member, client, group, service or wall is meant by a word on the command line.

Members by e-mail or by a name that only one has; clients by reference or such a name; the rest by name.
``#NUMBER`` is the number, always, also where a name or reference is written so. Whoever sits at the server
may name everything; what a member may know of is the command's own matter.
"""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model

from ringfence.access import OPERATOR, Actor, FirmNow, firm_state
from ringfence.cli.faults import Fault
from ringfence.cli.sentences import speak_as, worded
from ringfence.core.commands.parsing import BadArgument
from ringfence.core.days import close_of
from ringfence.core.directory import sort_key, unique_key
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import Client, Firm, Group, Member, Policy, Review, Service, Token, Wall

LISTED = 10
"""Candidates that a message lists."""

_TOO_LONG = 10
"""Digits of a number that no column of numbers holds."""

NAMED_BY_KEY: dict[Thing, type[Model]] = {
    Thing.GROUP: Group,
    Thing.SERVICE: Service,
    Thing.WALL: Wall,
    Thing.POLICY: Policy,
    Thing.TOKEN: Token,
    Thing.REVIEW: Review,
}


_MARKED = {Thing.MEMBER: "[member]", Thing.GROUP: "[group]", Thing.CLIENT: "[client]"}
"""What firms call by words of their own."""


class Ambiguous(BadArgument):
    """A name that several have; the text lists them."""


def find_firm(word: str | None) -> Firm:
    """The firm of that name or number; the only one where none is named. Raises `Fault`.

    From there on the command speaks in the firm's own words.
    """
    found = _firm_meant(word)
    speak_as(found)
    return found


def _firm_meant(word: str | None) -> Firm:
    firms = Firm.objects.order_by("name_key")
    if word:
        return _named_firm(word)
    some = list(firms[:2])
    if len(some) == 1:
        return some[0]
    if not some:
        raise Fault("There is no firm yet: make one with `ringfence firm create NAME --admin EMAIL`.")
    raise Fault(f"There are several firms: say which with --firm. {_known_firms(firms.count())}")


def _named_firm(word: str) -> Firm:
    """The one firm that a word means: with ``#`` its number, else its name or number."""
    number = _hash_number(word)
    bare = word.strip()
    if number is None and bare.isdecimal() and len(bare) < _TOO_LONG:
        number = int(bare)
    numbered = None if number is None else Firm.objects.filter(pk=number).first()
    named = None if _hash_number(word) is not None else Firm.objects.filter(name_key=unique_key(word)).first()
    if named and numbered and named != numbered:
        raise Fault(
            f"{word!r} could be two firms: {numbered.name!r}, whose number it is, or the firm of that name. "
            f"Write --firm #{numbered.pk} or --firm #{named.pk}."
        )
    found = numbered or named
    if found is None:
        elsewhere = (
            f" That is in {settings.DATABASE_NAME}: `ringfence firm place` lists the firms of every database."
            if settings.NAMED_DATABASES
            else ""
        )
        raise Fault(f"There is no firm {word!r}. {_known_firms(Firm.objects.count())}{elsewhere}")
    return found


def _known_firms(count: int) -> str:
    if not count:
        return "There is none yet: `ringfence firm create NAME --admin EMAIL` makes one."
    names = [f"{firm.name!r}" for firm in Firm.objects.order_by("name_key")[:LISTED]]
    more = f" and {count - len(names)} more (`ringfence firm list`)" if count > len(names) else ""
    return f"There are: {', '.join(names)}{more}."


class FirmNames:
    """`core.commands.parse.Names` over one firm's tables. What it did not find is kept for the message."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.unknown: list[tuple[Thing, str]] = []
        self.zone = ZoneInfo(firm.timezone)
        self._view: FirmNow | None = None

    def number(self, thing: Thing, name: str) -> int:
        """The number, 0 where there is none; raises `Ambiguous`."""
        number = self._search(thing, name.strip())
        if not number:
            self.unknown.append((thing, name))
        return number

    def engagement(self, client: int, service: int) -> int:
        if self._view is None:
            self._view = firm_state(self.firm.pk)
        return self._view.moment.state.register.engagement_for(client, service) or 0

    def close_of(self, day: date) -> Instant:
        """A day's close is the next midnight in the firm's time zone (rules.md 1)."""
        return close_of(day, self.zone)

    def need(self, thing: Thing, name: str) -> int:
        """As `number`, and a `Fault` where there is none."""
        number = self.number(thing, name)
        if not number:
            raise Fault(self.unknown_text())
        return number

    def has(self, thing: Thing, name: str) -> bool:
        """Whether the words mean anything as they stand, one thing or several."""
        try:
            return bool(self._search(thing, name.strip()))
        except Ambiguous:
            return True

    def unknown_text(self) -> str:
        """One sentence for each name that meant nothing; empty where all did."""
        how = {
            Thing.MEMBER: "Name [a member] by e-mail address, or by a name that only one [member] has.",
            Thing.CLIENT: "Name [a client] by its reference, or by a name that only one [client] has.",
        }
        found = []
        for thing, name in dict.fromkeys(self.unknown):
            hint = worded(how.get(thing, f"Name {_a(thing)} as the firm does."))
            if thing is Thing.MEMBER and self.has(Thing.GROUP, name):
                hint = worded("There is [a group] of that name: write ") + f"group:{name.strip()}."
            found.append(f"{self.firm.name} has no {worded(_MARKED.get(thing, thing))} {name!r}. {hint}")
        return " ".join(found)

    # --- Looking

    def _search(self, thing: Thing, name: str) -> int:
        number = _hash_number(name)
        if number is not None:
            return self._by_number(thing, number)
        key = unique_key(name)
        if not key or "\0" in key:
            return 0
        if thing is Thing.MEMBER:
            return self._member(name, key)
        if thing is Thing.CLIENT:
            return self._client(name, key)
        rows = NAMED_BY_KEY[thing]._default_manager.filter(firm=self.firm, name_key=key)
        if thing is Thing.TOKEN:
            # One that was revoked has given its name up.
            rows = rows.filter(revoked=None)
        if thing is Thing.REVIEW:
            rows = rows.filter(closed=None)
        return rows.values_list("number", flat=True).first() or 0

    def _member(self, name: str, key: str) -> int:
        rows = Member.objects.filter(firm=self.firm)
        by_email = rows.filter(email_key=key).values_list("number", flat=True).first()
        if by_email is not None:
            return by_email
        # The sort key has its accents folded, so it narrows; the unique key then decides.
        fields = rows.filter(sort_key=sort_key(name)).values_list("number", "name", "email")
        alike = [row for row in fields if unique_key(row[1]) == key]
        return _only(name, "[members]", [(number, email or f"#{number}") for number, _, email in alike])

    def _client(self, name: str, key: str) -> int:
        rows = Client.objects.filter(firm=self.firm)
        by_reference = rows.filter(reference_key=key).values_list("number", flat=True).first()
        if by_reference is not None:
            return by_reference
        fields = rows.filter(sort_key=sort_key(name)).order_by("number")
        found = [
            (number, reference or f"#{number}", removed)
            for number, called, reference, removed in fields.values_list(
                "number", "name", "reference", "removed_at"
            )
            if unique_key(called) == key
        ]
        # One that was removed is meant only where no other has the name.
        there = [row for row in found if row[2] is None] or found
        return _only(name, "[clients]", [(number, reference) for number, reference, _ in there])

    def _by_number(self, thing: Thing, number: int) -> int:
        models: dict[Thing, type[Model]] = {Thing.MEMBER: Member, Thing.CLIENT: Client, **NAMED_BY_KEY}
        found = models[thing]._default_manager.filter(firm=self.firm, number=number)
        return number if found.exists() else 0


def actor_of(firm: Firm, word: str | None) -> Actor:
    """The member of that word; the operator for none."""
    return OPERATOR if word is None else Actor(FirmNames(firm).need(Thing.MEMBER, word))


def _hash_number(word: str) -> int | None:
    """The number of a word that is ``#`` and digits, 0 where it is too long for one; None for other words."""
    word = word.strip()
    if not (word.startswith("#") and word[1:].isdecimal()):
        return None
    return int(word[1:]) if len(word) <= _TOO_LONG else 0


def _a(thing: Thing) -> str:
    return f"[a {thing}]" if thing in _MARKED else f"a {thing}"


def _only(name: str, things: str, candidates: list[tuple[int, str]]) -> int:
    if len(candidates) > 1:
        listed = ", ".join(word for _, word in candidates[:LISTED])
        more = f" and {len(candidates) - LISTED} more" if len(candidates) > LISTED else ""
        raise Ambiguous(
            f"{len(candidates)} {worded(things)} are called {name!r}: write one of {listed}{more} instead"
        )
    return candidates[0][0] if candidates else 0
