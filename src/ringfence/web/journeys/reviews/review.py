"""One review: how it stands, and what waits for the visitor, with all that a decision needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import NoReverseMatch, reverse
from pyroaring import BitMap

from ringfence.access.reviews.asking import (
    become_of,
    items_of,
    may_know_review,
    open_reviews,
    shares,
)
from ringfence.access.reviews.effects import removal_effect
from ringfence.access.reviews.given import GivenSince, client_of, given_of
from ringfence.access.reviews.rows import Item, ReviewOutcome, ReviewRow, items_numbered, review_row
from ringfence.access.use import FirmUse
from ringfence.core.terms import Instant
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.names_by_number import subject_text, target_text
from ringfence.wording.reviews import removal_text, scope_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import pgettext
from ringfence.wording.times import day_at_text, until_text

from .checking import as_answer, owners_text, undecided_text

SIZE = 25
"""Items of a page."""
MOST_SHARES = 20_000
"""Items of a review above which nobody's share is counted on the page: it takes the time of all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemLine:
    number: int
    who: str
    what: str
    level: str
    given: str
    used: str
    removed: str
    """What removing it would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewForm:
    """What the reviewer has said so far, and what of it is to be put right."""

    ticked: BitMap
    every: bool = False
    """Whether all that waits was meant."""
    decision: str = ""
    to: str = ""
    items_error: str = ""
    decision_error: str = ""
    to_error: str = ""

    def errors(self, first: int) -> Iterator[ErrorLine]:
        """For the summary; `first` is the number of the first item that is shown."""
        for text, field in (
            (self.items_error, f"item-{first}"),
            (self.decision_error, "decision"),
            (self.to_error, "to"),
        ):
            if text:
                yield ErrorLine(text=text, href=f"#{field}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPage(Page):
    facts: tuple[tuple[str, str], ...]
    progress: tuple[tuple[str, str], ...]
    waits: int
    """How many items wait for the visitor."""
    lines: tuple[ItemLine, ...]
    paging: Paging
    decide: str
    levels: tuple[tuple[str, str], ...]
    said: ReviewForm
    known: str
    """Since when it is known what was used."""
    extend: str
    close: str
    """Where it is given another date and closed; empty for who may not."""
    report: str
    """Where the signed report is; empty while it is open."""
    reviewers: tuple[tuple[str, str], ...]


@needs(Capability.MEMBER)
def review(visit: Visit, number: int) -> HttpResponse:
    """For reviewers, and for who reads the control side; 404 for everybody else."""
    return review_page(visit, review_at(visit, number), ReviewForm(ticked=BitMap()))


def review_page(visit: Visit, row: ReviewRow, said: ReviewForm) -> HttpResponse:
    """The review; with what was said, on the page of the first that was ticked."""
    number, now, firm = row.number, visit.firm_now, visit.firm.pk
    still = number in open_reviews(now)
    outcome = become_of(now, number) if still else row.outcome
    mine = BitMap()
    if still and outcome is not None:
        mine = items_of(now, number, visit.number) & outcome.left
    here = reverse("review", args=[firm, number])
    page_number = asked_page(visit.request.GET, len(mine), SIZE)
    if ticked := said.ticked & mine:
        page_number = mine.rank(ticked.min() - 1) // SIZE + 1
    paging = Paging(total=len(mine), number=page_number, size=SIZE, path=here, query={})
    shown = items_numbered(row.terms, mine[paging.offset : paging.offset + SIZE])
    clients = {item.number: client_of(now, item) for item in shown}
    names = SentenceNames.at_once(visit.firm, {client for client in clients.values() if client})
    used, known = _used(visit, shown, clients)
    manages = still and visit.can(Capability.MANAGE)
    page = ReviewPage(
        frame=frame_for(visit, "manage" if visit.can(Capability.READ_CONTROL) else "account"),
        title=row.name,
        back=reverse("reviews", args=[firm]),
        errors=tuple(said.errors(shown[0].number if shown else 0)),
        facts=tuple(_facts(visit, row, names)),
        progress=tuple(_progress(row, outcome, still)) if visit.can(Capability.READ_CONTROL) else (),
        waits=len(mine),
        lines=tuple(_lines(visit, shown, clients, used, names)),
        paging=paging,
        decide=reverse("decide-review", args=[firm, number]),
        levels=levels_offered(visit),
        said=said,
        known=day_at_text(known, visit.zone) if known else "",
        extend=reverse("extend-review", args=[firm, number]) if manages else "",
        close=reverse("close-review", args=[firm, number]) if manages else "",
        report=_report(firm, number) if not still else "",
        reviewers=tuple(_reviewers(visit, row, outcome, names)) if manages else (),
    )
    return show(visit.request, "reviews/review.html", page)


def review_at(visit: Visit, number: int) -> ReviewRow:
    """The review that the visitor may know of, or 404."""
    row = review_row(visit.firm.pk, number)
    known = visit.can(Capability.READ_CONTROL) or may_know_review(visit.firm_now, visit.number, number)
    if row is None or not known:
        raise Http404
    return row


def levels_offered(visit: Visit) -> tuple[tuple[str, str], ...]:
    """The levels to which access can be lowered; none where the firm's screens know one."""
    if visit.settings.levels == "single":
        return ()
    return (("reader", _("Lower to Reader")), ("editor", _("Lower to Editor")))


def _report(firm: int, number: int) -> str:
    try:
        return reverse("review-report", args=[firm, number])
    except NoReverseMatch:
        return ""


def _facts(visit: Visit, row: ReviewRow, names: SentenceNames) -> Iterator[tuple[str, str]]:
    yield _("What is reviewed"), as_answer(scope_text(row.terms.scope, names))
    said = ", ".join(map(names.member, row.terms.reviewers))
    yield _("Who reviews"), said or owners_text()
    yield _("Due"), as_answer(until_text(row.due, visit.zone))
    yield _("What nobody decides is"), undecided_text(row.terms.undecided)


def _progress(row: ReviewRow, outcome: ReviewOutcome | None, still: bool) -> Iterator[tuple[str, str]]:
    if outcome is None:
        return
    yield _("Accesses in the review"), figure(row.terms.count)
    yield _("Kept"), figure(len(outcome.kept))
    yield _("Lowered"), figure(len(outcome.lowered))
    yield _("Removed"), figure(len(outcome.removed))
    yield _("Changed by others meanwhile"), figure(len(outcome.moved))
    yield (_("Not decided yet") if still else _("Undecided, and kept")), figure(len(outcome.left))
    if not still:
        yield _("Undecided, and removed"), figure(len(outcome.taken))


def _reviewers(
    visit: Visit, row: ReviewRow, outcome: ReviewOutcome | None, names: SentenceNames
) -> Iterator[tuple[str, str]]:
    if outcome is None or row.terms.count > MOST_SHARES:
        return
    for member, items in sorted(shares(visit.firm_now, row.number).items()):
        words = {"done": figure(len(items - outcome.left)), "all": figure(len(items))}
        yield names.member(member), _("%(done)s of %(all)s decided") % words


def _lines(
    visit: Visit,
    items: Sequence[Item],
    clients: Mapping[int, int],
    used: Mapping[int, str],
    names: SentenceNames,
) -> Iterator[ItemLine]:
    given = given_of(visit.firm_now, items)
    for item in items:
        yield ItemLine(
            number=item.number,
            who=subject_text(names, item.subject),
            what=_what(visit, item, clients[item.number], names),
            level=_level(visit, item),
            given=_given(visit, given.get(item.number), names),
            used=used.get(item.number, ""),
            removed=_removed(visit, item),
        )


def _removed(visit: Visit, item: Item) -> str:
    effect = removal_effect(visit.firm_now, item)
    if effect is None:
        return _("You are shown it before it is removed")
    return removal_text(effect.lose, effect.gain, effect.shift)


def _what(visit: Visit, item: Item, client: int, names: SentenceNames) -> str:
    if item.target is None:
        return _("everything that %(member)s reaches") % {"member": names.member(item.delegator)}
    service = visit.firm_now.service_of(item.target.number) if item.target.kind == "engagement" else 0
    return target_text(names, item.target, client, service)


def _level(visit: Visit, item: Item) -> str:
    own = item.subject.kind == "member" and item.target is not None
    level = level_shown(item.level, own=own)
    return level if item.expires is None else f"{level}, {until_text(item.expires, visit.zone)}"


def _given(visit: Visit, given: GivenSince | None, names: SentenceNames) -> str:
    if given is None:
        return _("not known")
    who = pgettext("by whom", "whoever runs Ringfence") if given.by is None else names.by(given.by)
    text = _("%(day)s, by %(member)s") % {"day": day_at_text(given.at, visit.zone), "member": who}
    return f"{text}: {given.reason}" if given.reason else text


def _used(
    visit: Visit, items: Sequence[Item], clients: Mapping[int, int]
) -> tuple[dict[int, str], Instant | None]:
    """When the client was used last by whom the access is for; of a group, by any of its members.

    And since when that is known; None where nothing is shown.
    """
    if not items:
        return {}, None
    asked: dict[int, list[tuple[int, int]]] = {}
    for item in items:
        members = (
            visit.firm_now.groups[item.subject.number]
            if item.subject.kind == "group"
            else [item.subject.number]
        )
        if client := clients[item.number]:
            asked[item.number] = [(member, client) for member in members]
    use = FirmUse(visit.firm.pk)
    found = use.last_used(pair for pairs in asked.values() for pair in pairs)
    said = {}
    for number, pairs in asked.items():
        times = [last for pair in pairs if pair in found and (last := found[pair].last) is not None]
        said[number] = day_at_text(Instant(max(times)), visit.zone) if times else _("never")
    return said, use.openings
