"""What a member reached at a past moment, by which ways; and what was otherwise at a second one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import FirmNow, Working, ask_then
from ringfence.access.listing.clients import page_of_clients
from ringfence.access.reading import client_names
from ringfence.core.terms import Instant, Level, Thing
from ringfence.lists.entry_names import LedgerNames
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.web.shell.waiting import waiting
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import second_text

from .moments import PastForm, read_moments
from .telling import level_text, names_then, parts_then, ways_text

GAINED, LOST, CHANGED = "gained", "lost", "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientThen:
    """A client that the member could open."""

    name: str
    href: str
    """Who had access to it then."""
    level: str
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """The rows, with what they say about."""

    paging: Paging
    heading: str
    lines: tuple[ClientThen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberThenPage(Page):
    caption: str
    form: PastForm
    told: str
    views: tuple[Link, ...]
    """What is otherwise, each with its number; none where one moment alone is asked for."""
    listing: Reached | None


@needs(Capability.READ_CONTROL)
def then(visit: Visit, member: int) -> HttpResponse:
    """Every client that the member could open then (rules.md 6)."""
    if member not in visit.firm_now.members:
        raise Http404
    firm = visit.firm.pk
    here = reverse("member-then", args=[firm, member])
    back = reverse("ledger", args=[firm])
    form = read_moments(visit, here)
    moments = [] if form.errors else [at for at in (form.first, form.second) if at is not None]
    states: list[FirmNow] = []
    for at in moments:
        found = ask_then(firm, at)
        if isinstance(found, Working):
            return waiting(visit, found, back)
        if found is not None and member in found.members:
            states.append(found)
    told = ""
    if len(states) < len(moments):
        told = _("This [member] was not there yet then.")
    names = names_then(visit, states[-1]) if states else LedgerNames(visit.firm_now, visit.zone)
    shown = _Shown(visit, form, moments, states, member) if states and not told else None
    page = MemberThenPage(
        frame=frame_for(visit, "manage"),
        title=_("What [a member] could open on another day"),
        back=back,
        errors=form.lines,
        caption=names.member(member),
        form=form,
        told=told,
        views=shown.views() if shown else (),
        listing=shown.listing(names) if shown else None,
    )
    return show(visit.request, "past/member.html", page)


class _Shown:
    """What is shown of one state, or of the difference between two."""

    def __init__(
        self, visit: Visit, form: PastForm, moments: Sequence[Instant], states: Sequence[FirmNow], member: int
    ) -> None:
        self._visit, self._form, self._moments, self._states = visit, form, moments, states
        self._member = member
        self._sets = (
            _difference(states, member) if len(states) > 1 else {"": states[0].clients_seen_by(member)}
        )
        asked = visit.request.GET.get("show", "")
        filled = (view for view, clients in self._sets.items() if clients)
        self._view = asked if asked in self._sets else next(filled, next(iter(self._sets)))

    def views(self) -> tuple[Link, ...]:
        if len(self._states) < 2:
            return ()
        words = {
            GAINED: _("Gained: %(count)s"),
            LOST: _("Lost: %(count)s"),
            CHANGED: _("Access changed: %(count)s"),
        }
        return tuple(
            Link(
                text=words[view] % {"count": figure(len(clients))},
                href=f"{self._form.action}{self._form.encoded}&show={view}",
                current=view == self._view,
            )
            for view, clients in self._sets.items()
        )

    def listing(self, names: LedgerNames) -> Reached:
        clients = self._sets[self._view]
        if text := self._form.texts["search"]:
            clients = client_names(self._visit.firm.pk).matching(text).clients & clients
        number = asked_page(self._visit.request.GET, len(clients))
        query = {**self._form.query, "show": self._view}
        paging = Paging(total=len(clients), number=number, path=self._form.action, query=query)
        found = page_of_clients(self._visit.firm_now, clients, paging.offset, paging.size)
        names.learn_things(Thing.CLIENT, found)
        return Reached(
            paging=paging,
            heading=self._heading(paging),
            lines=tuple(self._line(client, names) for client in found),
        )

    def _line(self, client: int, names: LedgerNames) -> ClientThen:
        told = [_standing(state, self._member, client, names) for state in self._states]
        level, ways = told[-1]
        if len(told) > 1:
            (was, by), (will, then_by) = told
            level = _("%(before)s, then: %(after)s") % {"before": was, "after": will}
            ways = then_by or by
        address = reverse("client-then", args=[self._visit.firm.pk, client])
        return ClientThen(
            name=names.client(client), href=address + self._form.encoded, level=level, ways=ways
        )

    def _heading(self, paging: Paging) -> str:
        first, *others = (second_text(at, self._visit.zone) for at in self._moments)
        if not others:
            words = ngettext(
                "%(total)s [client] could be opened on %(moment)s",
                "%(total)s [clients] could be opened on %(moment)s",
                paging.total,
            )
            return words % {"total": paging.words["total"], "moment": first}
        words = ngettext(
            "%(total)s [client], from %(first)s to %(second)s",
            "%(total)s [clients], from %(first)s to %(second)s",
            paging.total,
        )
        return words % {"total": paging.words["total"], "first": first, "second": others[0]}


def _standing(state: FirmNow, member: int, client: int, names: LedgerNames) -> tuple[str, tuple[str, ...]]:
    parts = parts_then(state, member, client)
    whole = state.client_level(member, client)
    return level_text(whole, len(parts), len(state.engagements_of(client))), ways_text(state, parts, names)


def _difference(states: Sequence[FirmNow], member: int) -> Mapping[str, BitMap]:
    """The clients that were gained and lost from the first to the second, and those with another level.

    Another level is one on the whole, or another service seen of a client that is seen in part.
    """
    before, after = states
    was, will = before.clients_seen_by(member), after.clients_seen_by(member)
    both = was & will
    same = BitMap()
    levels = after.clients_by_level(member)
    for level, clients in before.clients_by_level(member).items():
        alike = clients & levels[level] & both
        if level is Level.NONE:
            seen = before.seen_by(member) ^ after.seen_by(member)
            alike = alike - after.clients_of(seen & after.engagements)
        same |= alike
    return {GAINED: will - was, LOST: was - will, CHANGED: both - same}
