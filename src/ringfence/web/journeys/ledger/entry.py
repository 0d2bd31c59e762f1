"""One entry of the ledger: everything that it changed, sets of any size by name, and the reason given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Entry, FirmNow, Named, all_words_at, entries_numbered, named_in
from ringfence.access.listing.clients import client_rows, clients_matching, page_of_clients
from ringfence.access.listing.people import members_matching
from ringfence.access.undoing import UNDONE_OTHERWISE, names_undone, stays_undone, undone_by
from ringfence.core.terms import Thing
from ringfence.lists.entry_names import LedgerNames
from ringfence.web.browse.client_lines import client_heading
from ringfence.web.browse.listing import ListPage, list_page
from ringfence.web.browse.member_lines import member_listing
from ringfence.web.browse.paging import SIZE, Paging, asked_page
from ringfence.web.browse.search import read_search
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import entry_text, event_text
from ringfence.wording.events import NAMED
from ringfence.wording.references import masked
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text

from .imported import BroughtInList, brought_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A name, reference or address that was changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeOf:
    """One of the things that the entry did."""

    text: str
    words: tuple[Word, ...]
    all: Link | None
    """The page of everything that it names, where that is more than its sentence does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A page of what the entry did."""

    paging: Paging
    heading: str
    lines: tuple[ChangeOf, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPage(Page):
    caption: str
    rows: tuple[tuple[str, str], ...]
    self_access: bool
    undone: Link | None
    """The entry that undid this one, or that this one undid."""
    brought_in: BroughtInList | None
    """The list that it came of, with what that did."""
    undo: str
    """Where it is undone; empty for who may not, and where it changed nothing or is undone already."""
    listing: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLine:
    """A client or member that an entry names."""

    name: str
    href: str
    note: str
    """A client's reference, a member's e-mail address."""
    services: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPage(ListPage[NamedLine]):
    caption: str
    people: bool


def entry_of(visit: Visit, number: int) -> Entry:
    """The entry, with its reason alone of its words; raises `Http404`."""
    found = entries_numbered(visit.firm.pk, [number])
    if not found:
        raise Http404
    return found[0]


@needs(Capability.READ_CONTROL)
def entry(visit: Visit, entry: int) -> HttpResponse:
    """Everything that the entry changed (rules.md 6)."""
    found = entry_of(visit, entry)
    number = asked_page(visit.request.GET, len(found.events))
    here = reverse("ledger-entry", args=[visit.firm.pk, entry])
    later = undone_by(visit.firm.pk, entry)
    paging = Paging(total=len(found.events), number=number, path=here, query={})
    shown = found.events[paging.offset : paging.offset + SIZE]
    names = LedgerNames(visit.firm_now, visit.zone)
    names.learn([found], paging.offset + SIZE)
    named = [named_in(visit.firm_now, event) for event in shown]
    words = _Words(visit, entry, named)
    rows = [(_("When"), moment_text(found.at, visit.zone)), (_("By whom"), names.actor(found.actor.member))]
    if found.reason:
        rows.append((_("Reason given"), found.reason))
    page = EntryPage(
        frame=frame_for(visit, "manage"),
        title=entry_text(found.command),
        back=reverse("ledger", args=[visit.firm.pk]),
        caption=_("Ledger: entry %(number)s") % {"number": figure(entry)},
        rows=tuple(rows),
        self_access=found.self_access,
        undone=_undone(visit, found, later),
        brought_in=brought_in(visit, entry),
        undo=reverse("undo-entry", args=[visit.firm.pk, entry])
        if visit.can(Capability.MANAGE)
        and found.command not in UNDONE_OTHERWISE
        and not stays_undone(visit.firm.pk, later)
        else "",
        listing=Changes(
            paging=paging,
            heading=_changes_heading(paging),
            lines=tuple(
                ChangeOf(
                    text=event_text(event, names),
                    words=tuple(words.of(each)),
                    all=_all(visit, entry, paging.offset + place, each),
                )
                for place, (event, each) in enumerate(zip(shown, named, strict=True), start=1)
            ),
        ),
    )
    return show(visit.request, "ledger/entry.html", page)


def _undone(visit: Visit, found: Entry, later: int | None) -> Link | None:
    earlier = names_undone(found.events)
    number = earlier or later
    if number is None:
        return None
    text = _("It undid entry %(entry)s") if earlier else _("It was undone by entry %(entry)s")
    href = reverse("ledger-entry", args=[visit.firm.pk, number])
    return Link(text=text % {"entry": figure(number)}, href=href)


def _changes_heading(paging: Paging) -> str:
    if paging.total <= 1:
        return _("What it changed")
    return _("What it changed: %(total)s things") % paging.words


def _all(visit: Visit, entry: int, place: int, named: Named) -> Link | None:
    href = reverse("ledger-named", args=[visit.firm.pk, entry, place])
    if len(named.clients) > NAMED or len(named.engagements) > NAMED:
        return Link(text=_("See all %(clients)s") % {"clients": count_clients(len(named.clients))}, href=href)
    if len(named.members) > NAMED:
        count = len(named.members)
        words = ngettext("See all %(count)s [member]", "See all %(count)s [members]", count)
        return Link(text=words % {"count": figure(count)}, href=href)
    return None


class _Words:
    """What names, references and addresses were before an entry and after it: two queries."""

    def __init__(self, visit: Visit, entry: int, named: Iterable[Named]) -> None:
        self._visit = visit
        wanted: dict[Thing, set[int]] = {}
        for each in named:
            if each.words_of is not None:
                wanted.setdefault(each.words_of[0], set()).add(each.words_of[1])
        firm = visit.firm.pk
        self._before = all_words_at(firm, wanted, entry - 1)
        self._after = all_words_at(firm, wanted, entry)

    def of(self, named: Named) -> Iterator[Word]:
        """Those that the event is about; none of what was erased."""
        if named.words_of is None:
            return
        thing, number = named.words_of
        before, after = self._before[thing].get(number, {}), self._after[thing].get(number, {})
        for field, label in _labels(thing).items():
            if before.get(field, "") != after.get(field, ""):
                yield Word(
                    label=label,
                    before=self._shown(thing, number, before.get(field, "")),
                    after=self._shown(thing, number, after.get(field, "")),
                )

    def _shown(self, thing: Thing, number: int, text: str) -> str:
        """A tax reference is masked for who may not open what it is of (rules.md 5)."""
        if thing is Thing.ENGAGEMENT and not self._visit.firm_now.can(self._visit.number, number):
            return masked(text)
        return text


def _labels(thing: Thing) -> dict[str, str]:
    reference = _("[Tax reference]") if thing is Thing.ENGAGEMENT else _("Client reference")
    return {
        "name": _("Name"),
        "email": _("E-mail address"),
        "reference": reference,
        "kind": _("Type of [client]"),
    }


@needs(Capability.READ_CONTROL)
def named(visit: Visit, entry: int, place: int) -> HttpResponse:
    """All clients, or all members, that one of the entry's changes names, searched and in pages."""
    found = entry_of(visit, entry)
    back = reverse("ledger-entry", args=[visit.firm.pk, entry])
    if not 0 < place <= len(found.events):
        raise Http404
    event = found.events[place - 1]
    those = named_in(visit.firm_now, event)
    if not those.clients and not those.members:
        return redirect(back)
    names = LedgerNames(visit.firm_now, visit.zone)
    here = reverse("ledger-named", args=[visit.firm.pk, entry, place])
    people = not those.clients
    if people:
        search = read_search(visit, here, _("[Member] by name or e-mail address"))
        listing = member_listing(
            visit,
            search,
            members_matching(visit.firm.pk, search.wanted.text, within=those.members),
            lines=lambda rows: [NamedLine(name=row.name, href="", note=row.email) for row in rows],
        )
    else:
        search = read_search(visit, here)
        clients = clients_matching(visit.firm_now, visit.number, those.clients, search.wanted)
        listing = list_page(
            visit,
            search,
            total=len(clients),
            page=partial(page_of_clients, visit.firm_now, clients),
            lines=lambda numbers: _client_lines(visit, numbers, those),
            heading=client_heading,
        )
    page = NamedPage(
        frame=frame_for(visit, "manage"),
        title=entry_text(found.command),
        back=back,
        errors=search.errors,
        caption=event_text(event, names),
        people=people,
        listing=listing,
    )
    return show(visit.request, "ledger/named.html", page)


def _client_lines(visit: Visit, numbers: Sequence[int], those: Named) -> list[NamedLine]:
    now: FirmNow = visit.firm_now
    rows = client_rows(now, visit.number, numbers, those.engagements)
    services = dict(services_of(visit.firm.pk))
    return [
        NamedLine(
            name=row.name or _("a former [client]"),
            href=reverse("client-access", args=[visit.firm.pk, number]) if number in now.clients else "",
            note=row.reference,
            services=tuple((services.get(each.service, ""), each.reference) for each in row.engagements),
        )
        for number in numbers
        if (row := rows.get(number)) is not None
    ]
