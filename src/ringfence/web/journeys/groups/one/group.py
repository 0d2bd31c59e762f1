"""What every page of one group stands on: which group it is, its heading, its parts and what it lacks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from pyroaring import BitMap

from ringfence.core.directory import sort_key
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, GIVING, Level, group_subject
from ringfence.web.journeys.groups.lacking import Lack, lacks
from ringfence.web.queries.group_parts import (
    ALL,
    SERVICE,
    given_services,
    narrow_engagements,
    parts_of,
    removed_engagements,
)
from ringfence.web.queries.things import every_group, services_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext


@dataclass(frozen=True)
class OneGroup:
    """The group of a page, as it is now."""

    visit: Visit
    number: int
    name: str

    @property
    def built_in(self) -> bool:
        """Whether it is Everyone, whose name and members nobody changes (rules.md 1)."""
        return self.number == EVERYONE

    @property
    def kept(self) -> bool:
        """Whether the firm's directory says who is in it and what it is called."""
        return self.number in self.visit.firm_now.kept

    @property
    def changeable(self) -> bool:
        """Whether the visitor may change what it was given."""
        return self.visit.can(Capability.MANAGE)

    @cached_property
    def held(self) -> BitMap:
        """The engagements in it, those of expired grants too."""
        return self.visit.firm_now.held_by_group(self.number)

    @cached_property
    def blocked(self) -> BitMap:
        """The engagements on which it has a block, counting or not."""
        return self.visit.firm_now.blocked_by_group(self.number)

    @cached_property
    def removed(self) -> BitMap:
        """The engagements that its grants on services leave out."""
        return removed_engagements(self.visit.firm_now, self.number)

    @cached_property
    def removable(self) -> BitMap:
        """The engagements in it that can be taken out by themselves."""
        return narrow_engagements(self.visit.firm_now, self.number)

    @cached_property
    def unblockable(self) -> BitMap:
        """The engagements on which a block can be ended by itself."""
        return narrow_engagements(self.visit.firm_now, self.number, blocks=True)

    @cached_property
    def services(self) -> dict[int, str]:
        """The names of the firm's services."""
        return dict(services_of(self.visit.firm.pk))

    @property
    def wide(self) -> bool:
        """Whether it is for all clients of the firm now."""
        now = self.visit.firm_now
        return now.grants_of(group_subject(self.number)).counting_on(ALL_CLIENTS, now.now) in GIVING

    def service_names(self, numbers: Iterable[int]) -> str:
        """The services, by name."""
        return ", ".join(sorted((self.services.get(each, "") for each in numbers), key=sort_key))

    def address(self, route: str = "group") -> str:
        """A page of this group."""
        return reverse(route, args=[self.visit.firm.pk, self.number])


def group_at(visit: Visit, number: int) -> OneGroup:
    """The group of that number. Raises `Http404` where there is none."""
    name = dict(every_group(visit.firm.pk)).get(number) if number in visit.firm_now.groups else None
    if name is None:
        raise Http404
    return OneGroup(visit, number, name)


def changeable_group(visit: Visit, number: int) -> OneGroup:
    """The same; Everyone can be neither renamed nor deleted, nor have its members changed (rules.md 1)."""
    if number == EVERYONE:
        raise Http404
    return group_at(visit, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupHead:
    """What stands above each page of a group."""

    caption: str
    tags: tuple[str, ...]
    lacks: tuple[Lack, ...]
    """Why it gives nobody anything, each with what to do."""
    sentences: tuple[str, ...]
    """What it holds beside single clients."""
    help: Link | None
    """The question that such a group raises, with where it is answered."""
    rename: str
    """Where it is renamed; empty where that is done in the directory."""
    take_back: str
    """Where it is taken back from the directory; empty where it is kept here."""
    delete: str
    tabs: tuple[Link, ...]


def head_of(group: OneGroup, tab: str) -> GroupHead:
    """The heading; `tab` is the route of the page that is shown."""
    changeable = group.changeable and not group.built_in
    return GroupHead(
        caption=_("Built-in [group]") if group.built_in else _("[Group]"),
        tags=_tags(group),
        lacks=lacks(group.visit, group.number),
        sentences=(*_kept(group), *_sentences(group)),
        help=_help(group),
        rename=group.address("rename-group") if changeable and not group.kept else "",
        take_back=group.address("take-back-group") if changeable and group.kept else "",
        delete=group.address("delete-group") if changeable else "",
        tabs=tuple(_tabs(group, tab)),
    )


def _kept(group: OneGroup) -> tuple[str, ...]:
    """Why its members are not changed here."""
    if not group.kept:
        return ()
    return (
        _(
            "The firm’s directory says who is in this [group] and what it is called. "
            "Its [clients] are chosen here."
        ),
    )


def _help(group: OneGroup) -> Link | None:
    if not given_services(group.visit.firm_now, group.number):
        return None
    address = reverse("help-topic", args=[group.visit.firm.pk, "by-service"])
    return Link(text=_("What is [a group] by service?"), href=address)


def _tags(group: OneGroup) -> tuple[str, ...]:
    """Of what kind it is."""
    if group.built_in:
        return ()
    found = [_("Kept by the directory")] if group.kept else []
    if group.wide:
        found.append(_("All [clients]"))
    if given_services(group.visit.firm_now, group.number):
        found.append(_("By service"))
    return tuple(found or [_("Custom")])


def _tabs(group: OneGroup, tab: str) -> Iterable[Link]:
    now = group.visit.firm_now
    clients = len(now.clients_of(group.held))
    members = len(now.groups[group.number] & now.active_members)
    counted = []
    if clients or not group.blocked:
        counted.append(("group", ngettext("%(count)s [client]", "%(count)s [clients]", clients), clients))
    counted.append(("group-members", ngettext("%(count)s [member]", "%(count)s [members]", members), members))
    if group.removed:
        count = len(now.clients_of(group.removed))
        words = ngettext("%(count)s removed [client]", "%(count)s removed [clients]", count)
        counted.append(("group-removed-clients", words, count))
    if group.blocked:
        count = len(now.clients_of(group.blocked))
        words = ngettext("%(count)s blocked [client]", "%(count)s blocked [clients]", count)
        counted.append(("group-blocked", words, count))
    for route, words, count in counted:
        yield Link(text=words % {"count": figure(count)}, href=group.address(route), current=route == tab)
    for route, text in (("group-access", _("What it gives")), ("group-history", _("History"))):
        yield Link(text=text, href=group.address(route), current=route == tab)


def _sentences(group: OneGroup) -> tuple[str, ...]:
    """What new clients do by themselves, what has expired as a whole, and whom it blocks."""
    now = group.visit.firm_now
    parts = [part for part in parts_of(now, group.number) if part.level is not Level.BLOCKED]
    everything = [part for part in parts if part.kind == ALL]
    counting = [part.service for part in parts if part.kind == SERVICE and part.counts(now.now)]
    expired = [part.service for part in parts if part.kind == SERVICE and not part.counts(now.now)]
    said = []
    for part in everything:
        said.append(
            _("This [group] is for all [clients] of the firm, also those that are added later.")
            if part.counts(now.now)
            else _("The access of this [group] to all [clients] of the firm has expired.")
        )
    if counting and not any(part.counts(now.now) for part in everything):
        words = ngettext(
            "New [clients] of this service join the [group] by themselves: %(services)s.",
            "New [clients] of these services join the [group] by themselves: %(services)s.",
            len(counting),
        )
        said.append(words % {"services": group.service_names(counting)})
    if expired:
        words = ngettext(
            "The access of this [group] to all [clients] with this service has expired: %(services)s.",
            "The access of this [group] to all [clients] with these services has expired: %(services)s.",
            len(expired),
        )
        said.append(words % {"services": group.service_names(expired)})
    if denied := now.denied(group.number):
        count = len(now.clients_of(denied))
        words = ngettext(
            "This [group] blocks its [members] from %(count)s [client].",
            "This [group] blocks its [members] from %(count)s [clients].",
            count,
        )
        said.append(words % {"count": figure(count)})
    return tuple(said)
