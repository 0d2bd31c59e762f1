"""Delegations that never let anybody in: each with how it is ended, and all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access import Batch
from ringfence.access.use import Sizing
from ringfence.core.commands.definitions import RemoveDelegation
from ringfence.core.terms import Instant
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.lanes import Lane, in_lane
from ringfence.web.shell.page import Link
from ringfence.web.shell.render import show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_at_text

from .all_at_once import AllAtOnce, put_right
from .shared import UseLine, lines_page, named_rows, puts_right, sizing


class DelegationRow(NamedTuple):
    """A delegation with the names at its ends."""

    delegator: int
    delegate: int
    name: str
    since: Instant | None


def delegation_rows(visit: Visit, found: Sizing, search: SearchForm) -> list[DelegationRow]:
    """The delegations that are searched for, by name."""
    names = SentenceNames(visit.firm, ())
    rows = [
        DelegationRow(
            giver,
            taker,
            _("%(delegator)s to %(delegate)s")
            % {"delegator": names.member(giver), "delegate": names.member(taker)},
            found.made.get((giver, taker)),
        )
        for giver, taker in found.never_used
    ]
    return named_rows(search, rows, lambda row: row.name)


def search_delegations(visit: Visit, found: Sizing) -> SearchForm:
    """The search above the report."""
    here = reverse("use-delegations", args=[visit.firm.pk, found.days])
    return read_search(visit, here, _("[Member] by name"))


@in_lane(Lane.WRITING, "GET")
@needs(Capability.READ_CONTROL, ("GET",))
def delegations(visit: Visit, days: int) -> HttpResponse:
    """Delegations that let nobody in since they were made."""
    firm, found = visit.firm.pk, sizing(visit, days)
    search = search_delegations(visit, found)
    rows = delegation_rows(visit, found, search)
    bulk = Link(
        text=_("End these %(count)s delegations") % {"count": figure(len(rows))},
        href=reverse("use-delegations-end", args=[firm, days]),
    )
    page = lines_page(
        visit,
        found,
        search,
        rows,
        lambda shown: _lines(visit, shown),
        title=_("Delegations never used"),
        lead=_(
            "Nobody opened a [client] by these delegations since they were made, which was %(days)s days ago "
            "or earlier."
        )
        % {"days": days},
        heads=(_("Delegation"), _("What is known of it"), _("Put right")),
        take="take-use-delegations",
        bulk=(bulk,) if len(rows) > 1 and puts_right(visit) and not search.active else (),
    )
    return show(visit.request, "use/lines.html", page)


def _lines(visit: Visit, rows: Sequence[DelegationRow]) -> list[UseLine]:
    firm = visit.firm.pk
    return [
        UseLine(
            name=row.name,
            href=reverse("member-delegations", args=[firm, row.delegator]),
            notes=(made_text(visit, row),),
            remedies=(
                Link(text=_("End"), href=reverse("end-delegation", args=[firm, row.delegator, row.delegate])),
            )
            if puts_right(visit)
            else (),
        )
        for row in rows
    ]


def made_text(visit: Visit, row: DelegationRow) -> str:
    """Since when it stands."""
    if row.since is None:
        return ""
    return _("Made on %(day)s") % {"day": day_at_text(row.since, visit.zone)}


@needs(Capability.MANAGE, READS_AND_SENDS)
def end_all(visit: Visit, days: int) -> HttpResponse:
    """End all of them, after who loses what."""
    found = sizing(visit, days)
    rows = delegation_rows(visit, found, search_delegations(visit, found))
    return put_right(
        visit,
        Batch(
            "delegation.remove",
            tuple(RemoveDelegation(delegator=row.delegator, delegate=row.delegate) for row in rows),
        ),
        AllAtOnce(
            back=reverse("use-delegations", args=[visit.firm.pk, days]),
            title=_("End delegations never used"),
            question=_("Do you want to end these delegations?"),
            chosen_title=_("Delegations to be ended"),
            lines=tuple((row.name, made_text(visit, row)) for row in rows),
            done=_("%(count)s delegations are ended.") % {"count": figure(len(rows))},
        ),
    )
