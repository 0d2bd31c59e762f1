"""Adding team members to a group, and taking them out."""

from __future__ import annotations

from functools import cached_property

from pyroaring import BitMap

from ringfence.access import Batch
from ringfence.access.listing.people import members_matching
from ringfence.core.commands.definitions import AddToGroup, RemoveFromGroup
from ringfence.web.browse.choosing import Rows
from ringfence.web.browse.choosing_members import Members
from ringfence.web.previews.outcome import FIRST, NameList, rest_words
from ringfence.web.shell.figures import figure
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .picking import Picking, PickingTexts


class _OfMembers(Picking):
    home = "group-members"
    of_members = True

    @cached_property
    def rows(self) -> Rows:
        return Members(self.visit)

    @cached_property
    def present(self) -> BitMap:
        """Who is in the group, inactive members too."""
        return self.visit.firm_now.groups[self.group.number]

    def named(self, chosen: BitMap) -> NameList:
        people = members_matching(self.visit.firm.pk, "", within=chosen)
        lines = tuple((person.name, "" if person.active else _("inactive")) for person in people[:FIRST])
        words = ngettext("%(count)s [member]", "%(count)s [members]", len(people))
        count = words % {"count": figure(len(people))}
        return NameList(total=len(people), lines=lines, rest=rest_words(len(people)), count=count)

    def first_name(self, chosen: BitMap) -> str:
        """The name of the only one, empty where there are more."""
        return self.named(chosen).lines[0][0] if len(chosen) == 1 else ""


class AddMembers(_OfMembers):
    """From the active members; those in the group already are marked."""

    route = "group-add-members"

    @cached_property
    def offered(self) -> BitMap:
        return self.visit.firm_now.active_members

    @cached_property
    def taken(self) -> BitMap:
        return self.present & self.offered

    @property
    def texts(self) -> PickingTexts:
        return PickingTexts(
            title=_("Select the [members] to add"),
            none_chosen=_("Select at least one [member] to continue"),
            unanswered=_("Select yes if you want to add them"),
            check=_("Check who is added"),
            chosen=_("[Members] to add"),
            mark=_("Already in this [group]"),
        )

    def single(self, number: int) -> BitMap:
        return (BitMap([number]) & self.offered) - self.taken

    def batch(self, chosen: BitMap) -> Batch:
        return Batch("group.add_members", (AddToGroup(group=self.group.number, members=frozenset(chosen)),))

    def question(self, chosen: BitMap) -> str:
        if name := self.first_name(chosen):
            return _("Do you want to add %(member)s?") % {"member": name}
        words = ngettext(
            "Do you want to add %(count)s [member]?", "Do you want to add %(count)s [members]?", len(chosen)
        )
        return words % {"count": figure(len(chosen))}

    def done(self, chosen: BitMap) -> str:
        if name := self.first_name(chosen):
            return _("%(member)s was added to %(group)s.") % {"member": name, "group": self.group.name}
        words = ngettext(
            "%(count)s [member] was added to %(group)s.",
            "%(count)s [members] were added to %(group)s.",
            len(chosen),
        )
        return words % {"count": figure(len(chosen)), "group": self.group.name}


class RemoveMembers(_OfMembers):
    """From those in the group, inactive ones too."""

    route = "group-remove-members"

    @cached_property
    def offered(self) -> BitMap:
        return self.present

    @property
    def texts(self) -> PickingTexts:
        return PickingTexts(
            title=_("Select the [members] to take out"),
            none_chosen=_("Select at least one [member] to continue"),
            unanswered=_("Select yes if you want to take them out"),
            check=_("Check who is taken out"),
            chosen=_("[Members] to take out"),
        )

    def single(self, number: int) -> BitMap:
        return BitMap([number]) & self.offered

    def batch(self, chosen: BitMap) -> Batch:
        return Batch(
            "group.remove_members", (RemoveFromGroup(group=self.group.number, members=frozenset(chosen)),)
        )

    def notes(self, chosen: BitMap) -> tuple[str, ...]:
        """That nobody active is left, where it is so: the clients stay closed all the same (rules.md 1)."""
        left = (self.present - chosen) & self.visit.firm_now.active_members
        if left:
            return ()
        clients = len(self.visit.firm_now.clients_of(self.group.held))
        if not clients:
            return (_("After this no active [member] is in the [group]."),)
        words = ngettext(
            "After this no active [member] is in the [group]. Its %(count)s [client] stays closed: by this "
            "[group] nobody can open it until somebody is added.",
            "After this no active [member] is in the [group]. Its %(count)s [clients] stay closed: by this "
            "[group] nobody can open them until somebody is added.",
            clients,
        )
        return (words % {"count": figure(clients)},)

    def question(self, chosen: BitMap) -> str:
        if name := self.first_name(chosen):
            return _("Do you want to take %(member)s out?") % {"member": name}
        words = ngettext(
            "Do you want to take %(count)s [member] out?",
            "Do you want to take %(count)s [members] out?",
            len(chosen),
        )
        return words % {"count": figure(len(chosen))}

    def done(self, chosen: BitMap) -> str:
        if name := self.first_name(chosen):
            return _("%(member)s was taken out of %(group)s.") % {"member": name, "group": self.group.name}
        words = ngettext(
            "%(count)s [member] was taken out of %(group)s.",
            "%(count)s [members] were taken out of %(group)s.",
            len(chosen),
        )
        return words % {"count": figure(len(chosen)), "group": self.group.name}
