"""Groups of nobody: each with how it is deleted, and all of them at once after the check."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access import Batch
from ringfence.access.use import Sizing
from ringfence.core.commands.definitions import DeleteGroup
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.things import every_group
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_services, figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .all_at_once import AllAtOnce, put_right
from .shared import UseLine, lines_page, named_rows, puts_right, sizing

Row = tuple[int, str]
"""A group's number and name."""


def group_rows(visit: Visit, found: Sizing, search: SearchForm) -> list[Row]:
    """The groups that are searched for, by name."""
    rows = [row for row in every_group(visit.firm.pk) if row[0] in found.groups_of_nobody]
    return named_rows(search, rows, lambda row: row[1])


def search_groups(visit: Visit, found: Sizing) -> SearchForm:
    """The search above the report."""
    here = reverse("use-groups", args=[visit.firm.pk, found.days])
    return read_search(visit, here, _("Name of [a group]"))


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def groups(visit: Visit, days: int) -> HttpResponse:
    """Groups in which no active member is."""
    firm, found = visit.firm.pk, sizing(visit, days)
    search = search_groups(visit, found)
    rows = group_rows(visit, found, search)
    mine = _deletable(visit, found)
    bulk = Link(
        text=_("Delete these %(count)s [groups]") % {"count": figure(len(mine))},
        href=reverse("use-groups-delete", args=[firm, days]),
    )
    page = lines_page(
        visit,
        found,
        search,
        rows,
        lambda shown: _lines(visit, shown),
        title=_("[Groups] of nobody"),
        lead=_(
            "No active [member] is in these [groups], so what they were given gives nobody anything. It "
            "keeps their [clients] closed to others all the same."
        ),
        heads=(_("[Group]"), _("What is known of it"), _("Put right")),
        take="take-use-groups",
        by_time=False,
        bulk=(bulk,) if len(mine) > 1 and puts_right(visit) and not search.active else (),
    )
    return show(visit.request, "use/lines.html", page)


def _deletable(visit: Visit, found: Sizing) -> list[int]:
    """Those that the firm's directory does not keep."""
    return list(found.groups_of_nobody - visit.firm_now.kept)


def _lines(visit: Visit, rows: Sequence[Row]) -> list[UseLine]:
    firm, now = visit.firm.pk, visit.firm_now
    return [
        UseLine(
            name=name,
            href=reverse("group", args=[firm, number]),
            notes=group_notes(visit, number),
            remedies=(Link(text=_("Delete"), href=reverse("delete-group", args=[firm, number])),)
            if puts_right(visit) and number not in now.kept
            else (),
        )
        for number, name in rows
    ]


def group_notes(visit: Visit, number: int) -> tuple[str, ...]:
    """Who was in the group, and what stands for it."""
    now = visit.firm_now
    left = len(now.groups[number])
    words = ngettext("%(count)s deactivated [member] in it", "%(count)s deactivated [members] in it", left)
    held = now.held_by_group(number)
    given = count_services(len(held), len(now.clients_of(held)))
    return (
        words % {"count": figure(left)} if left else _("Nobody in it"),
        _("Access to %(what)s") % {"what": given} if held else _("No access to any [client]"),
        *((_("Kept by your directory"),) if number in now.kept else ()),
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def delete_all(visit: Visit, days: int) -> HttpResponse:
    """Delete all of them, after what that does."""
    mine = _deletable(visit, sizing(visit, days))
    names = dict(every_group(visit.firm.pk))
    return put_right(
        visit,
        Batch("group.delete", tuple(DeleteGroup(group=each) for each in mine)),
        AllAtOnce(
            back=reverse("use-groups", args=[visit.firm.pk, days]),
            title=_("Delete [groups] of nobody"),
            question=_("Do you want to delete these [groups]?"),
            chosen_title=_("[Groups] to be deleted"),
            lines=tuple((names.get(each, ""), "") for each in mine),
            done=_("%(count)s [groups] were deleted.") % {"count": figure(len(mine))},
        ),
    )
