"""Who gets access to the new clients of a list: one list of grantees for the file, before it is saved.

What is changed lies in a draft until the list is checked with it. Rows may name grantees of their own too.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import msgspec
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, preview
from ringfence.access.reading import starting_grants
from ringfence.core.commands.definitions import AddClient, ClientRow, GrantTo
from ringfence.core.terms import Level, member_subject
from ringfence.firms.models import ListUpload
from ringfence.jobs.lists import check_list
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.stages import ListChoice, Stage
from ringfence.web.browse.grantees import (
    FoundRow,
    GranteeRow,
    LevelOption,
    found_grantees,
    grantee_rows,
    grantee_search,
    grants_kept,
    kept_grants,
    level_options,
    origin_of_defaults,
    query_of,
    sent_grants,
)
from ringfence.web.browse.listing import ListPage
from ringfence.web.previews.question import refused_in
from ringfence.web.queries.drafts import draft_for, drop_draft, start_draft
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.names_by_number import subject_text
from ringfence.wording.saying import gettext as _

from .beginning import begin_stage
from .found import list_for

CHECKED = frozenset({Stage.READY, Stage.FAULTY})
"""Stages at which the list has been compared with the firm and is not saved."""
NEW = ClientRow(name="?")
"""A client as a list adds them; which services it has is left open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAccessPage(ListPage[FoundRow]):
    caption: str
    rows: tuple[GranteeRow, ...]
    levels: tuple[LevelOption, ...]
    changed: bool
    """Whether anything else than the defaults was chosen."""


@needs(Capability.USE_CLIENTS, READS_AND_SENDS)
def access(visit: Visit, upload: int) -> HttpResponse:
    """The list for the file, for its member where they may share what they add."""
    found = list_for(visit, upload)
    if found.kind != ListKind.CLIENTS:
        raise Http404
    if found.stage not in CHECKED:
        # It is being worked on, or its columns are to be said first.
        return redirect("list", firm=visit.firm.pk, upload=found.pk)
    if found.member != visit.number or not may_choose(visit):
        raise PermissionDenied
    post, purpose = visit.request.POST, f"list-access.{found.pk}"
    draft = draft_for(visit.firm.pk, visit.number, purpose)
    chosen = grants_kept(visit, draft.values["grants"]) if draft else shared_grants(visit, found)
    if visit.request.method != "POST":
        return _page(visit, found, chosen)
    if post.get("go") == "again":
        drop_draft(visit.firm.pk, visit.number, purpose)
        return _checked(visit, found, None)
    grants = tuple(sent_grants(visit, post))
    if post.get("go") == "continue":
        row = msgspec.structs.replace(NEW, grants=grants)
        if (refused := refused_in(visit, AddClient(client=row))) is not None:
            return _page(visit, found, grants, problem_sentence(refused))
        drop_draft(visit.firm.pk, visit.number, purpose)
        return _checked(visit, found, grants)
    draft = draft or start_draft(visit.firm.pk, visit.number, purpose)
    draft.values = {"grants": kept_grants(grants)}
    draft.save()
    here, query = reverse("list-access", args=[visit.firm.pk, found.pk]), query_of(post)
    return redirect(f"{here}?{query}#find" if query else here)


def _checked(visit: Visit, upload: ListUpload, grants: tuple[GrantTo, ...] | None) -> HttpResponse:
    """Check the list with these, or with the defaults."""
    shared = None if grants is None else tuple(kept_grants(grants))
    choice = msgspec.structs.replace(msgspec.convert(upload.told, ListChoice), shared=shared)
    return begin_stage(visit, upload, Stage.CHECKING, check_list, choice)


def _page(visit: Visit, upload: ListUpload, grants: tuple[GrantTo, ...], error: str = "") -> HttpResponse:
    search = grantee_search(visit, reverse("list-access", args=[visit.firm.pk, upload.pk]))
    rows = shared_rows(visit, grants)
    page = ListAccessPage(
        frame=frame_for(visit, "manage"),
        title=_("Who gets access to the new [clients]?"),
        caption=upload.file,
        back=reverse("list", args=[visit.firm.pk, upload.pk]),
        errors=(*search.errors, *((ErrorLine(text=error, href="#given"),) if error else ())),
        rows=rows,
        levels=level_options(visit),
        changed=grants != default_grants(visit),
        listing=found_grantees(visit, search, (row.key for row in rows)),
    )
    return show(visit.request, "lists/access.html", page)


def may_choose(visit: Visit) -> bool:
    """Whether the member may share a new client a moment later: the core is asked (rules.md 5, 9)."""
    row = msgspec.structs.replace(NEW, confidential=True, grants=())
    return refused_in(visit, AddClient(client=row)) is None


def shared_grants(visit: Visit, upload: ListUpload) -> tuple[GrantTo, ...]:
    """What was chosen for all new clients of the list, else the defaults; who brings it is none of them."""
    chosen = msgspec.convert(upload.told, ListChoice).grants(visit.firm_now)
    return default_grants(visit) if chosen is None else chosen


def default_grants(visit: Visit) -> tuple[GrantTo, ...]:
    """What new clients of a list are given unless something else is chosen."""
    with suppress(Refused):
        found = starting_grants(preview(visit.firm.pk, AddClient(client=NEW), actor=visit.actor))
        mine = member_subject(visit.number) if visit.settings.creator_owns else None
        return tuple(each for each in found if each.to != mine)
    return ()


def left_out_defaults(visit: Visit, upload: ListUpload) -> tuple[str, ...]:
    """Those of the member's own list that they could not give on the new clients (rules.md 9, defaults)."""
    if msgspec.convert(upload.told, ListChoice).shared is not None:
        return ()
    with suppress(Refused):
        found = preview(visit.firm.pk, AddClient(client=NEW), actor=visit.actor)
        names = SentenceNames(visit.firm, ())
        return tuple(subject_text(names, each) for each in found.left_out_for)
    return ()


def shared_rows(visit: Visit, grants: tuple[GrantTo, ...]) -> tuple[GranteeRow, ...]:
    """The list with who brings it at its head, where they become Owner (rules.md 5, `client.add`)."""
    mine = member_subject(visit.number) if visit.settings.creator_owns else None
    if mine is not None:
        grants = (GrantTo(to=mine, level=Level.OWNER), *(each for each in grants if each.to != mine))
    names = SentenceNames(visit.firm, ())
    return grantee_rows(visit, grants, names, origin=origin_of_defaults(visit), fixed=mine)
