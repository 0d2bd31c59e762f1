"""The grants of one member or group that are not needed: looked at, ticked, and put right after the check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from pyroaring import BitMap

from ringfence.access import Batch
from ringfence.access.listing.clients import clients_matching
from ringfence.access.use import GrantedTargets, Sizing
from ringfence.core.commands.definitions import Command, On, RemoveGrant, SetGrant
from ringfence.core.terms import Instant, Level, Subject, SubjectKind, Target
from ringfence.web.browse.choosing import Choosing, choose
from ringfence.web.browse.choosing_clients import WholeClients
from ringfence.web.browse.client_lines import ClientLine, control_listing
from ringfence.web.browse.listing import ListPage
from ringfence.web.browse.search import read_search
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import read_answer
from ringfence.web.previews.outcome import clients_named
from ringfence.web.queries.drafts import draft_for, drop_draft, numbers_in, start_draft, stored
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.queries.things import services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.names_by_number import subject_text
from ringfence.wording.saying import gettext as _

from .holders import READING, UNUSED, parts_of
from .shared import puts_right, sizing

KINDS: dict[str, SubjectKind] = {"member": "member", "group": "group"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UseOfOnePage(ListPage[ClientLine]):
    lead: str
    links: tuple[Link, ...] = ()
    taken: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Picked:
    """One report's grants of one holder, as the visitor looks at them."""

    visit: Visit
    found: Sizing
    report: str
    subject: Subject
    part: GrantedTargets

    @cached_property
    def name(self) -> str:
        return subject_text(SentenceNames(self.visit.firm, ()), self.subject)

    @property
    def clients(self) -> BitMap:
        """The clients on which, or on services of which, grants stand."""
        now = self.visit.firm_now
        return (self.part.clients | now.clients_of(self.part.engagements)) & now.known_clients(
            self.visit.number
        )

    @property
    def place(self) -> list[int | str]:
        """What addresses take."""
        subject = self.subject
        return [self.visit.firm.pk, self.found.days, self.report, subject.kind, subject.number]

    @property
    def purpose(self) -> str:
        return f"use.{self.report}.{self.found.days}.{self.subject.kind[0]}{self.subject.number}"

    @property
    def home(self) -> str:
        return reverse(f"use-{self.report}", args=[self.visit.firm.pk, self.found.days])

    def on(self, clients: BitMap) -> On:
        """The grants on these clients and on services of theirs."""
        parts = self.part.engagements & self.visit.firm_now.engagements_of_all(clients)
        return On(clients=self.part.clients & clients, engagements=parts)

    def batch(self, on: On) -> Batch:
        """Remove them, or lower them to Reader with their ends and fee splits as they are."""
        if self.report == UNUSED:
            return Batch("grant.remove", (RemoveGrant(to=(self.subject,), on=on),))
        return Batch("grant.set", tuple(self._lowered(on)))

    def _lowered(self, on: On) -> Iterator[Command]:
        """`grant.set` states the whole (rules.md 6): grants alike in what they keep go together."""
        held = self.visit.firm_now.grants_of(self.subject)
        targets: list[Target] = []
        if held.expires or held.fee_splits:
            targets = [Target("client", each) for each in on.clients]
            targets += [Target("engagement", each) for each in on.engagements]
        apart: dict[tuple[Instant | None, int | None], list[Target]] = {}
        for target in targets:
            terms = held.grant_on(target)
            split = terms.fee_split if terms is not None and self.visit.settings.fee_splits else None
            if terms is not None and (terms.expires is not None or split is not None):
                apart.setdefault((terms.expires, split), []).append(target)
        for (expires, split), some in apart.items():
            yield SetGrant(
                to=(self.subject,), on=_on(some), level=Level.READER, expires=expires, fee_split=split
            )
        kept = _on([target for some in apart.values() for target in some])
        rest = msgspec.structs.replace(
            on, engagements=on.engagements - kept.engagements, clients=on.clients - kept.clients
        )
        if not rest.empty:
            yield SetGrant(to=(self.subject,), on=rest, level=Level.READER)


def _on(targets: list[Target]) -> On:
    return On(
        clients=BitMap([each.number for each in targets if each.kind == "client"]),
        engagements=BitMap([each.number for each in targets if each.kind == "engagement"]),
    )


def _picked(visit: Visit, days: int, report: str, kind: str, number: int) -> Picked | None:
    if report not in (UNUSED, READING) or kind not in KINDS:
        raise Http404
    found = sizing(visit, days)
    subject = Subject(KINDS[kind], number)
    if number not in (visit.firm_now.members if subject.kind == "member" else visit.firm_now.groups):
        raise Http404
    part = parts_of(found, report).get(subject)
    return None if part is None else Picked(visit, found, report, subject, part)


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, READS_AND_SENDS)
def one(visit: Visit, days: int, report: str, kind: str, number: int) -> HttpResponse:
    """The clients of one holder's grants: a list, with ticks for who may put it right."""
    picked = _picked(visit, days, report, kind, number)
    if picked is None:
        # Put right by somebody else, or used since.
        return redirect(f"use-{report}", firm=visit.firm.pk, days=days)
    if not puts_right(visit):
        if visit.request.method == "POST":
            raise PermissionDenied
        return _look(picked)
    draft = draft_for(visit.firm.pk, visit.number, picked.purpose)
    offered = picked.clients

    def keep(chosen: BitMap) -> None:
        row = draft or start_draft(visit.firm.pk, visit.number, picked.purpose)
        row.clients = stored(chosen)
        row.save()

    return choose(
        visit,
        Choosing(
            here=reverse("use-of-one", args=picked.place),
            title=_title(picked),
            lead=_lead(picked),
            links=_wide_links(picked),
            back=picked.home,
            # In every kind of firm a row is a client: of these use is known.
            rows=WholeClients(visit),
            offered=offered,
            chosen=numbers_in(draft.clients) & offered if draft else BitMap(),
            keep=keep,
            go_on=lambda: redirect(reverse("use-check", args=picked.place)),
            none_chosen=_("Select at least one [client]"),
        ),
    )


def _title(picked: Picked) -> str:
    words = (
        _("Access of %(holder)s that nobody used")
        if picked.report == UNUSED
        else _("Where %(holder)s, as [owner], only read")
    )
    return words % {"holder": picked.name}


def _lead(picked: Picked) -> str:
    if picked.report == UNUSED:
        return _("Select the [clients] from which this access is to be taken away.")
    return _("Select the [clients] on which it is enough to read.")


def _wide_links(picked: Picked) -> tuple[Link, ...]:
    """The grants on a service or on all clients, each put right by itself."""
    names = SentenceNames(picked.visit.firm, ())
    lowers = picked.report == READING
    links = []
    for service in sorted(picked.part.services):
        words = (
            _("Lower to “%(level)s” on all [clients] with the service %(service)s")
            if lowers
            else _("Remove the access to all [clients] with the service %(service)s")
        )
        href = reverse("use-wide", args=[*picked.place, service])
        said = {"service": names.service(service), "level": level_shown(Level.READER)}
        links.append(Link(text=words % said, href=href))
    if picked.part.all:
        text = (
            _("Lower to “%(level)s” on all [clients]") % {"level": level_shown(Level.READER)}
            if lowers
            else _("Remove the access to all [clients]")
        )
        links.append(Link(text=text, href=reverse("use-wide", args=[*picked.place, 0])))
    return tuple(links)


def _look(picked: Picked) -> HttpResponse:
    visit = picked.visit
    here = reverse("use-of-one", args=picked.place)
    search = read_search(visit, here, services=services_of(visit.firm.pk))
    clients = clients_matching(visit.firm_now, visit.number, picked.clients, search.wanted)
    page = UseOfOnePage(
        frame=frame_for(visit, "manage"),
        title=_title(picked),
        back=picked.home,
        errors=search.errors,
        lead="",
        listing=control_listing(visit, search, clients, visit.firm_now.engagements),
    )
    return show(visit.request, "reports/clients.html", page)


@needs(Capability.MANAGE, READS_AND_SENDS)
def check(visit: Visit, days: int, report: str, kind: str, number: int) -> HttpResponse:
    """What removing or lowering what was ticked does; yes or no."""
    picked = _picked(visit, days, report, kind, number)
    if picked is None:
        return redirect(f"use-{report}", firm=visit.firm.pk, days=days)
    draft = draft_for(visit.firm.pk, visit.number, picked.purpose)
    chosen = numbers_in(draft.clients) & picked.clients if draft else BitMap()
    if not chosen:
        return redirect(reverse("use-of-one", args=picked.place))
    asked = CheckQuestion(
        title=_check_title(picked),
        caption=picked.name,
        question=_question(picked, count_clients(len(chosen))),
        back=reverse("use-of-one", args=picked.place),
        chosen_title=_("[Clients] selected"),
        chosen=clients_named(visit, chosen),
        named=chosen,
    )
    done = _asked(picked, picked.on(chosen), asked)
    if done is None:
        drop_draft(visit.firm.pk, visit.number, picked.purpose)
        return redirect(picked.home)
    return done


@needs(Capability.MANAGE, READS_AND_SENDS)
def wide(visit: Visit, days: int, report: str, kind: str, number: int, service: int) -> HttpResponse:
    """The same for one grant on all clients of a service, or on all clients where that is 0."""
    picked = _picked(visit, days, report, kind, number)
    if service and service not in visit.firm_now.services:
        raise Http404
    there = picked is not None and (service in picked.part.services if service else picked.part.all)
    if picked is None or not there:
        return redirect(f"use-{report}", firm=visit.firm.pk, days=days)
    on = On(services=frozenset([service])) if service else On(all=True)
    what = _("all [clients]")
    if service:
        names = SentenceNames(visit.firm, ())
        what = _("all [clients] with the service %(service)s") % {"service": names.service(service)}
    asked = CheckQuestion(
        title=_check_title(picked),
        caption=picked.name,
        question=_question(picked, what),
        back=reverse("use-of-one", args=picked.place),
    )
    return _asked(picked, on, asked) or redirect(picked.home)


def _asked(picked: Picked, on: On, asked: CheckQuestion) -> HttpResponse | None:
    """The check, or the way on from it; None once it is done."""
    visit = picked.visit
    batch = picked.batch(on)
    answer = read_answer(visit, _("Select yes if you want to make this change"))
    if answer.no:
        return redirect(asked.back)
    if answer.yes:
        answer = save_checked(visit, batch)
    if not answer.yes:
        return ask_checked(visit, batch, answer, replace(asked, section="manage"))
    words = (
        _("The access of %(holder)s was removed.")
        if picked.report == UNUSED
        else _("The access of %(holder)s was lowered to “%(level)s”.")
    )
    messages.success(visit.request, words % {"holder": picked.name, "level": level_shown(Level.READER)})
    return None


def _check_title(picked: Picked) -> str:
    if picked.report == UNUSED:
        return _("Remove access that nobody used")
    return _("Lower [owners] to “%(level)s”") % {"level": level_shown(Level.READER)}


def _question(picked: Picked, clients: str) -> str:
    """Of that many clients, or of those that the words name."""
    if picked.report == UNUSED:
        return _("Do you want to remove the access to %(clients)s?") % {"clients": clients}
    said = {"clients": clients, "level": level_shown(Level.READER)}
    return _("Do you want to lower the access to %(clients)s to “%(level)s”?") % said
