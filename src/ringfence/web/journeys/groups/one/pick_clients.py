"""Adding clients to a group, taking them out, and putting back those removed from a service's group.

A row is what the firm's product puts into a group: a service of a client, or a client (`choosing_clients`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import ClassVar

from pyroaring import BitMap

from ringfence.access import Batch
from ringfence.access.listing.clients import ListedClient, client_rows
from ringfence.access.reading import client_names
from ringfence.core.commands.definitions import (
    Command,
    ExcludeClients,
    IncludeClients,
    On,
    RemoveGrant,
    SetGrant,
)
from ringfence.core.terms import ALL_CLIENTS, Level, group_subject
from ringfence.web.browse.choosing import Rows
from ringfence.web.browse.choosing_clients import Unit, all_of, rows_of_clients, unit_of
from ringfence.web.previews.outcome import FIRST, NameList, rest_words
from ringfence.web.queries.group_parts import (
    given_services,
    left_out,
    narrow_clients,
    narrow_engagements,
    single_engagements,
)
from ringfence.web.shell.figures import count_clients, count_services
from ringfence.wording.saying import gettext as _

from .adding import Adding
from .leaving import fates_of
from .picking import Picking, PickingTexts


class _OfClients(Picking):
    """Chosen are engagements or clients, as `unit` says."""

    @property
    def unit(self) -> Unit:
        return "engagement"

    @cached_property
    def rows(self) -> Rows:
        return rows_of_clients(self.visit, self.unit)

    def engagements(self, chosen: BitMap) -> BitMap:
        """The engagements of what is chosen."""
        return self.visit.firm_now.engagements_of_all(chosen) if self.unit == "client" else chosen

    def clients(self, chosen: BitMap) -> BitMap:
        """The clients of what is chosen."""
        return chosen if self.unit == "client" else self.visit.firm_now.clients_of(chosen)

    def counted(self, chosen: BitMap) -> str:
        """``3 clients``, or ``3 services of 2 clients``."""
        clients = len(self.clients(chosen))
        return count_clients(clients) if self.unit == "client" else count_services(len(chosen), clients)

    def named(self, chosen: BitMap) -> NameList:
        now, clients = self.visit.firm_now, self.clients(chosen)
        first = client_names(self.visit.firm.pk).page(clients, 0, FIRST)
        rows = client_rows(now, self.visit.number, first, self.engagements(chosen))
        lines = tuple(line for each in first if each in rows for line in self.lines(rows[each]))
        return NameList(
            total=len(clients), lines=lines, rest=rest_words(len(clients)), count=self.counted(chosen)
        )

    def lines(self, row: ListedClient) -> Iterator[tuple[str, str]]:
        """What the check says of one of the clients: name, and a note."""
        services = self.group.service_names(each.service for each in row.engagements)
        yield row.name, "" if self.unit == "client" else services


class AddClients(_OfClients, Adding):
    """From all of the firm's; those in the group already are marked."""

    route = "group-add-clients"

    @property
    def unit(self) -> Unit:
        return unit_of(self.visit)

    @cached_property
    def offered(self) -> BitMap:
        """What the group blocks is not offered: a block has to be removed first."""
        everything, blocked = all_of(self.visit, self.unit), self.group.blocked
        if not blocked:
            return everything
        return everything - (self.visit.firm_now.clients_of(blocked) if self.unit == "client" else blocked)

    @cached_property
    def taken(self) -> BitMap:
        """What the group gives now: adding what has expired gives it anew."""
        now, given = self.visit.firm_now, self.visit.firm_now.given(self.group.number)
        if self.unit == "engagement":
            return given & self.offered
        whole = now.clients if self.group.wide else narrow_clients(now, self.group.number)
        return whole & now.clients_of(given) & self.offered

    @property
    def texts(self) -> PickingTexts:
        lead = _("Those that this [group] blocks are not listed.") if self.group.blocked else ""
        return PickingTexts(
            title=_("Select the [clients] to add"),
            lead=lead,
            none_chosen=_("Select at least one [client] to continue"),
            unanswered=_("Select yes if you want to add them"),
            check=_("Check what is added"),
            chosen=_("[Clients] to add"),
            mark=_("Already in this [group]"),
        )

    def single(self, number: int) -> BitMap:
        return BitMap()

    def batch(self, chosen: BitMap) -> Batch:
        commands = tuple(self._commands(chosen))
        return Batch("grant.include" if isinstance(commands[0], IncludeClients) else "grant.set", commands)

    def _commands(self, chosen: BitMap) -> Iterator[Command]:
        """What was removed from a service of the group is put back, all else is given by itself."""
        group = self.group
        level, expires = self.given
        back = chosen & group.removed if self.unit == "engagement" else BitMap()
        if new := chosen - back:
            on = On(clients=new) if self.unit == "client" else On(engagements=new)
            yield SetGrant(to=(group_subject(group.number),), on=on, level=level, expires=expires)
        yield from including(self, back)

    def left_open(self, chosen: BitMap) -> BitMap:
        return self.clients(chosen)

    def question(self, chosen: BitMap) -> str:
        return _("Do you want to add %(what)s?") % {"what": self.counted(chosen)}

    def done(self, chosen: BitMap) -> str:
        return _("Added to %(group)s: %(what)s.") % {"group": self.group.name, "what": self.counted(chosen)}


class _TakingOut(_OfClients):
    """Grants on single ones are removed, a service's leaves them out: those that give, or that block."""

    blocks: ClassVar[bool]

    @cached_property
    def unit(self) -> Unit:
        """Services can be taken out one by one unless a client was put in as a whole."""
        whole = narrow_clients(self.visit.firm_now, self.group.number, blocks=self.blocks)
        return "client" if whole else "engagement"

    @cached_property
    def narrow(self) -> BitMap:
        """The engagements that can be taken out."""
        return narrow_engagements(self.visit.firm_now, self.group.number, blocks=self.blocks)

    @cached_property
    def offered(self) -> BitMap:
        return self.visit.firm_now.clients_of(self.narrow) if self.unit == "client" else self.narrow

    def single(self, number: int) -> BitMap:
        theirs = BitMap(self.visit.firm_now.engagements_of(number)) & self.narrow
        return self.visit.firm_now.clients_of(theirs) if self.unit == "client" else theirs

    def batch(self, chosen: BitMap) -> Batch:
        commands = tuple(self._commands(chosen))
        return Batch("grant.remove" if isinstance(commands[0], RemoveGrant) else "grant.exclude", commands)

    def _commands(self, chosen: BitMap) -> Iterator[Command]:
        now, number = self.visit.firm_now, self.group.number
        going = self.engagements(chosen) & self.narrow
        whole = self.clients(chosen) if self.unit == "client" else BitMap()
        clients = whole & narrow_clients(now, number, blocks=self.blocks)
        engagements = going & single_engagements(now, number, blocks=self.blocks)
        if clients or engagements:
            on = On(clients=clients, engagements=engagements)
            yield RemoveGrant(to=(group_subject(number),), on=on)
        for service in given_services(now, number, blocks=self.blocks):
            excluded = now.engagements_of_all(left_out(now, number, service))
            if theirs := (going & now.with_service(service)) - excluded:
                yield ExcludeClients(group=number, service=service, clients=now.clients_of(theirs))


class RemoveClients(_TakingOut):
    """From those in the group."""

    route = "group-remove-clients"
    blocks = False

    @property
    def texts(self) -> PickingTexts:
        return PickingTexts(
            title=_("Select the [clients] to take out"),
            lead=_("[A client] is taken out with all its services that are in the [group].")
            if self.unit == "client"
            else _("Each row is one service of [a client]: its other services stay as they are."),
            none_chosen=_("Select at least one [client] to continue"),
            unanswered=_("Select yes if you want to take them out"),
            check=_("Check what is taken out"),
            chosen=_("[Clients] to take out"),
        )

    def lines(self, row: ListedClient) -> Iterator[tuple[str, str]]:
        """Who can open it afterwards; a line for each, where its services differ."""
        fates = fates_of(self.group, BitMap(each.number for each in row.engagements) & self.narrow)
        for fate, services in fates:
            if self.unit == "client" and len(fates) == 1:
                yield row.name, fate
            else:
                yield f"{row.name} ({self.group.service_names(services)})", fate

    def notes(self, chosen: BitMap) -> tuple[str, ...]:
        """That nothing is left in the group, where it is so; that new clients still join, where they do."""
        now, said = self.visit.firm_now, []
        services = given_services(now, self.group.number)
        if services and not (self.group.held - self.engagements(chosen)):
            words = _("After this no [client] is in the [group]. New ones with %(services)s still join it.")
            said.append(words % {"services": self.group.service_names(services)})
        elif not (self.group.held - self.engagements(chosen)):
            said.append(_("After this the [group] gives its [members] nothing until [clients] are added."))
        if services:
            said.append(
                _(
                    "What is taken out of a service’s [group] stays out until it is put back. You find it "
                    "under “removed”."
                )
            )
        if self.group.wide:
            said.append(
                _("It stays open to the [group] all the same, which is for all [clients] of the firm.")
            )
        return tuple(said)

    def question(self, chosen: BitMap) -> str:
        return _("Do you want to take out %(what)s?") % {"what": self.counted(chosen)}

    def done(self, chosen: BitMap) -> str:
        words = {"group": self.group.name, "what": self.counted(chosen)}
        return _("Taken out of %(group)s: %(what)s.") % words


class RemoveBlocks(_TakingOut):
    """From those that the group blocks."""

    route = "group-remove-blocks"
    home = "group-blocked"
    blocks = True

    @property
    def texts(self) -> PickingTexts:
        return PickingTexts(
            title=_("Select the [clients] to block no longer"),
            none_chosen=_("Select at least one [client] to continue"),
            unanswered=_("Select yes if you want to block them no longer"),
            check=_("Check what is blocked no longer"),
            chosen=_("[Clients] to block no longer"),
        )

    def notes(self, chosen: BitMap) -> tuple[str, ...]:
        """That a block on all clients stays, where there is one."""
        held = self.visit.firm_now.grants_of(group_subject(self.group.number))
        if held.counting_on(ALL_CLIENTS, self.visit.firm_now.now) is not Level.BLOCKED:
            return ()
        return (_("The [group] still blocks all [clients] of the firm: see “What it gives”."),)

    def question(self, chosen: BitMap) -> str:
        return _("Do you want to end the block on %(what)s?") % {"what": self.counted(chosen)}

    def done(self, chosen: BitMap) -> str:
        words = {"group": self.group.name, "what": self.counted(chosen)}
        return _("No longer blocked by %(group)s: %(what)s.") % words


class PutBack(_OfClients):
    """From what was removed from the group's services."""

    route = "group-put-back"
    home = "group-removed-clients"

    @cached_property
    def offered(self) -> BitMap:
        return self.group.removed

    @property
    def texts(self) -> PickingTexts:
        return PickingTexts(
            title=_("Select the [clients] to put back"),
            none_chosen=_("Select at least one [client] to continue"),
            unanswered=_("Select yes if you want to put them back"),
            check=_("Check what is put back"),
            chosen=_("[Clients] to put back"),
        )

    def single(self, number: int) -> BitMap:
        return BitMap(self.visit.firm_now.engagements_of(number)) & self.offered

    def batch(self, chosen: BitMap) -> Batch:
        return Batch("grant.include", tuple(including(self, chosen)))

    def question(self, chosen: BitMap) -> str:
        return _("Do you want to put back %(what)s?") % {"what": self.counted(chosen)}

    def done(self, chosen: BitMap) -> str:
        return _("Put back into %(group)s: %(what)s.") % {
            "group": self.group.name,
            "what": self.counted(chosen),
        }


def including(picking: _OfClients, engagements: BitMap) -> Iterator[Command]:
    """Puts these back, which the group's grants on services leave out."""
    now, group = picking.visit.firm_now, picking.group
    for service in given_services(now, group.number):
        if back := engagements & group.removed & now.with_service(service):
            yield IncludeClients(group=group.number, service=service, clients=now.clients_of(back))
