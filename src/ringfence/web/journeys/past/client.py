"""Who had access to a client at a past moment, by which ways; and what was otherwise at a second one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access import FirmNow, Working, ask_then, entries_numbered
from ringfence.core.directory import sort_key
from ringfence.core.terms import Instant, Level, Thing
from ringfence.lists.entry_names import LedgerNames
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.listing import sliced
from ringfence.web.browse.paging import Paging, asked_page
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.web.shell.waiting import waiting
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import second_text

from .moments import PastForm, read_moments
from .telling import level_text, names_then, parts_then, ways_text


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonThen:
    """A member who could open the client."""

    name: str
    level: str
    ways: tuple[str, ...]
    change: str
    """What is otherwise at the second moment; empty where only one is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The rows, with what they say about."""

    paging: Paging
    heading: str
    lines: tuple[PersonThen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientThenPage(Page):
    caption: str
    form: PastForm
    told: str
    """Why there is nothing to show; empty where there is."""
    listing: Answered | None


@needs(Capability.READ_CONTROL)
def then(visit: Visit, number: int) -> HttpResponse:
    """Who could open the client then, and why (rules.md 6)."""
    if not visit.firm_now.was_client(number):
        raise Http404
    firm = visit.firm.pk
    here = reverse("client-then", args=[firm, number])
    back = reverse("client-access", args=[firm, number])
    if number not in visit.firm_now.clients:
        back = reverse("ledger", args=[firm])
    form = read_moments(visit, here)
    moments = [] if form.errors else [at for at in (form.first, form.second) if at is not None]
    states: list[FirmNow | None] = []
    for at in moments:
        found = ask_then(firm, at)
        if isinstance(found, Working):
            return waiting(visit, found, back)
        states.append(found)
    there = [state for state in states if state is not None and number in state.clients]
    told = _told(visit, states, there)
    names = names_then(visit, there[-1]) if there else LedgerNames(visit.firm_now, visit.zone)
    page = ClientThenPage(
        frame=frame_for(visit, "manage"),
        title=_("Who had access on another day"),
        back=back,
        row=client_pages(visit, number, "client-access"),
        errors=form.lines,
        caption=names.client(number),
        form=form,
        told=told,
        listing=_answered(visit, form, moments, states, number) if states and not told else None,
    )
    return show(visit.request, "past/client.html", page)


def _told(visit: Visit, states: list[FirmNow | None], there: list[FirmNow]) -> str:
    if not states:
        return ""
    if None in states:
        (first,) = entries_numbered(visit.firm.pk, [1])
        begins = {"moment": second_text(first.at, visit.zone)}
        return _("Your firm was not there yet: its ledger begins on %(moment)s.") % begins
    return "" if there else _("This [client] was not there then.")


def _answered(
    visit: Visit, form: PastForm, moments: list[Instant], states: list[FirmNow | None], number: int
) -> Answered:
    known = [state for state in states if state is not None]
    rows = _compared(known, number) if len(known) > 1 else _alone(known[0], number)
    names = names_then(visit, known[-1])
    names.learn_things(Thing.MEMBER, [member for member, _change in rows])
    wanted = sort_key(form.texts["search"])
    found = [row for row in rows if wanted in sort_key(names.member(row[0]))]
    found.sort(key=lambda row: (sort_key(names.member(row[0])), row[0]))
    page = asked_page(visit.request.GET, len(found))
    paging = Paging(total=len(found), number=page, path=form.action, query=form.query)
    shown = sliced(found)(paging.offset, paging.size)
    lines = (_line(known, number, member, change, names) for member, change in shown)
    return Answered(paging=paging, heading=_heading(visit, moments, paging), lines=tuple(lines))


def _alone(state: FirmNow, client: int) -> list[tuple[int, str]]:
    return [(member, "") for member in state.who(client)]


def _compared(states: list[FirmNow], client: int) -> list[tuple[int, str]]:
    """Only those with whom something is otherwise, with what."""
    before, after = (_levels(state, client) for state in states)
    rows = []
    for member in {**before, **after}:
        was, is_now = before.get(member), after.get(member)
        if was is None:
            rows.append((member, _("Gained access")))
        elif is_now is None:
            rows.append((member, _("Lost access")))
        elif was != is_now:
            rows.append((member, _("Access changed")))
    return rows


def _levels(state: FirmNow, client: int) -> Mapping[int, Mapping[int, Level]]:
    """Of everybody who sees the client: their level on each service that they see."""
    return {
        member: {
            state.service_of(each): state.level(member, each)
            for each in state.engagements_of(client)
            if state.can(member, each)
        }
        for member in state.who(client)
    }


def _line(states: list[FirmNow], client: int, member: int, change: str, names: LedgerNames) -> PersonThen:
    told = [_standing(state, client, member, names) for state in states]
    if len(told) == 1:
        (level, ways), change = told[0], ""
        return PersonThen(name=names.member(member), level=level, ways=ways, change=change)
    (was, by), (will, then_by) = told
    return PersonThen(
        name=names.member(member),
        level=_("%(before)s, then: %(after)s") % {"before": was, "after": will},
        ways=then_by or by,
        change=change,
    )


def _standing(state: FirmNow, client: int, member: int, names: LedgerNames) -> tuple[str, tuple[str, ...]]:
    parts = parts_then(state, member, client)
    whole = state.client_level(member, client)
    level = level_text(whole, len(parts), len(state.engagements_of(client)))
    return level, ways_text(state, parts, names)


def _heading(visit: Visit, moments: Iterable[Instant], paging: Paging) -> str:
    first, *others = (second_text(at, visit.zone) for at in moments)
    if not others:
        words = ngettext(
            "%(total)s [member] could open it on %(moment)s",
            "%(total)s [members] could open it on %(moment)s",
            paging.total,
        )
        return words % {"total": paging.words["total"], "moment": first}
    words = ngettext(
        "%(total)s [member] had other access on %(second)s than on %(first)s",
        "%(total)s [members] had other access on %(second)s than on %(first)s",
        paging.total,
    )
    return words % {"total": paging.words["total"], "first": first, "second": others[0]}
