"""What the signed report of a review is written from: the review as it is kept, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from pyroaring import BitMap

from ringfence.access import FirmNow, all_words_at
from ringfence.access.proof import keys_of, sign_file
from ringfence.access.reviews.decided import DecidedItems, decided_in
from ringfence.access.reviews.rows import Item, ReviewRow, items_numbered
from ringfence.access.use import LastUse, last_used
from ringfence.core.terms import Instant, Thing
from ringfence.firms.models import Firm
from ringfence.lists.entry_names import LedgerNames
from ringfence.wording import level_name
from ringfence.wording.catalogue import language_spoken
from ringfence.wording.names_by_number import subject_text
from ringfence.wording.reviews import scope_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_at_text, moment_text, until_text

from .bundle import bundle
from .facts import Fate, ReportedItem, ReportedReview

PORTION = 2_000


def report_name(row: ReviewRow, closed: Instant, zone: ZoneInfo) -> str:
    """What the files of the report are called, without their ends: ``review-3-2026-11-30``."""
    day = datetime.fromtimestamp(closed / 1_000_000, zone).date().isoformat()
    return f"review-{row.number}-{day}"


def report_of(firm: Firm, firm_now: FirmNow, row: ReviewRow, closed: Instant) -> bytes:
    """The signed report of a closed review as a zip, in names of `firm_now` and the language spoken.

    Raises as `access.proof.sign_file`.
    """
    zone = ZoneInfo(firm.timezone)
    found = _Report(firm, firm_now, row, closed, zone)
    # Before its first signature a firm has no key.
    sign_file(firm.pk, "key", b"")
    return bundle(
        found.head(),
        found.items(),
        report_name(row, closed, zone),
        sign=lambda file, content: sign_file(firm.pk, file, content),
        key=str(keys_of(firm.pk)[0].verifier),
    )


class _Report:
    """One closed review, in words; names as they are now, also of what is gone."""

    def __init__(
        self, firm: Firm, firm_now: FirmNow, row: ReviewRow, closed: Instant, zone: ZoneInfo
    ) -> None:
        self._firm, self._now, self._row, self._closed, self._zone = firm, firm_now, row, closed, zone
        self._names = LedgerNames(firm_now, zone)

    @cached_property
    def _decisions(self) -> list[DecidedItems]:
        return decided_in(self._now, self._row.number)

    def head(self) -> ReportedReview:
        """What stands before the items."""
        row, zone = self._row, self._zone
        terms, outcome = row.terms, row.outcome
        assert outcome is not None
        reviewers = ", ".join(map(self._names.member, terms.reviewers)) or _(
            "the Owners of each [client]; where there is none, the administrators"
        )
        people = sorted({each.by for each in self._decisions if each.by is not None})
        undecided = _("Kept and reported") if terms.undecided == "keep" else _("Removed")
        counted = {
            Fate.KEPT: outcome.kept,
            Fate.LOWERED: outcome.lowered,
            Fate.REMOVED: outcome.removed,
            Fate.LEFT: outcome.left,
            Fate.TAKEN: outcome.taken,
            Fate.MOVED: outcome.moved,
        }
        return ReportedReview(
            firm=self._firm.name,
            name=row.name,
            scope=scope_text(terms.scope, self._names),
            lines=(
                (_("Begun"), moment_text(row.started, zone)),
                (_("Due"), until_text(row.due, zone)),
                (_("Closed"), moment_text(self._closed, zone)),
                (_("To be reviewed by"), reviewers),
                (_("Decided by"), ", ".join(map(self._names.member, people)) or _("Nobody")),
                (_("What nobody decided"), undecided),
                (_("Last used"), _("As it is known now, when this report is taken")),
            ),
            totals=tuple((_fates()[fate], len(items)) for fate, items in counted.items()),
            language=language_spoken() or "en",
            closed=self._closed / 1_000_000,
        )

    def items(self) -> Iterator[ReportedItem]:
        """Every item, in the order of their numbers."""
        for first in range(1, self._row.terms.count + 1, PORTION):
            numbers = range(first, min(first + PORTION, self._row.terms.count + 1))
            yield from self._portion(items_numbered(self._row.terms, numbers))

    def _portion(self, items: list[Item]) -> Iterator[ReportedItem]:
        clients = {each.number: self._client_of(each) for each in items}
        wanted = {each for each in clients.values() if each}
        self._names.learn_things(Thing.CLIENT, wanted)
        words = all_words_at(self._firm.pk, {Thing.CLIENT: wanted}, self._now.version)
        people = {each.number: self._people(each) for each in items}
        pairs = [(who, clients[each.number]) for each in items for who in people[each.number]]
        used = last_used(self._firm.pk, (pair for pair in pairs if pair[1]))
        for each in items:
            client = clients[each.number]
            times = [used.get((who, client), LastUse()).last for who in people[each.number]]
            last = max((time for time in times if time), default=None)
            fate = self._fate(each.number)
            decided, by, when = self._decided(each.number, fate)
            never = _("never, as far as is known") if client else ""
            yield ReportedItem(
                holder=subject_text(self._names, each.subject),
                what=self._what(each, client),
                reference=words[Thing.CLIENT].get(client, {}).get("reference", ""),
                level=level_name(each.level),
                last_used=day_at_text(last, self._zone) if last else never,
                fate=fate,
                decided=decided,
                by=by,
                when=when,
            )

    def _client_of(self, item: Item) -> int:
        """0 for a wide grant and a delegation."""
        if item.target is None or item.target.kind in ("service", "all"):
            return 0
        number = item.target.number
        return number if item.target.kind == "client" else self._now.client_of(number)

    def _people(self, item: Item) -> list[int]:
        if item.subject.kind == "member":
            return [item.subject.number]
        return list(self._now.groups.get(item.subject.number, BitMap()))

    def _what(self, item: Item, client: int) -> str:
        names, target = self._names, item.target
        if target is None:
            return _("what %(member)s delegates") % {"member": names.member(item.delegator)}
        if target.kind == "service":
            return _("all [clients] with the service %(service)s") % {"service": names.service(target.number)}
        if target.kind == "all":
            return _("all [clients]")
        return names.engagement(target.number) if target.kind == "engagement" else names.client(client)

    def _fate(self, number: int) -> Fate:
        found = self._row.outcome
        assert found is not None
        sets = {
            Fate.REMOVED: found.removed,
            Fate.LOWERED: found.lowered,
            Fate.LEFT: found.left,
            Fate.TAKEN: found.taken,
            Fate.MOVED: found.moved,
        }
        return next((fate for fate, items in sets.items() if number in items), Fate.KEPT)

    def _decided(self, number: int, fate: Fate) -> tuple[str, str, str]:
        """The decision in words, by whom, and when."""
        zone = self._zone
        if fate in (Fate.LEFT, Fate.TAKEN):
            text = _fates()[fate]
            if fate is Fate.LEFT and self._row.terms.undecided == "remove":
                text = _("Nobody decided it; kept, since removing it would have let somebody in")
            return text, "", day_at_text(self._closed, zone)
        if fate is Fate.MOVED:
            return _fates()[fate], "", ""
        last = next((each for each in reversed(self._decisions) if number in each.items), None)
        if last is None:
            return _fates()[fate], "", ""
        text = _fates()[fate]
        if fate is Fate.LOWERED:
            text = _("Lowered to %(level)s") % {"level": level_name(last.level)}
        return text, self._names.actor(last.by), day_at_text(last.at, zone)


def _fates() -> dict[Fate, str]:
    return {
        Fate.KEPT: _("Kept"),
        Fate.LOWERED: _("Lowered"),
        Fate.REMOVED: _("Removed"),
        Fate.LEFT: _("Nobody decided it; kept and reported"),
        Fate.TAKEN: _("Nobody decided it; removed"),
        Fate.MOVED: _("Changed or gone before anybody decided"),
    }
