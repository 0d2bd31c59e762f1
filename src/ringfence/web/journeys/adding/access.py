"""Step 3 of adding a client: who gets access. The defaults are shown, and may be edited (rules.md 5)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, preview
from ringfence.access.reading import starting_grants
from ringfence.core.commands.definitions import AddClient, ClientRow, GrantTo
from ringfence.core.terms import Subject, member_subject
from ringfence.web.browse.grantees import (
    FoundRow,
    GranteeRow,
    LevelOption,
    found_grantees,
    grantee_rows,
    grantee_search,
    kept_grants,
    level_options,
    origin_of_defaults,
    query_of,
    sent_grants,
)
from ringfence.web.browse.listing import ListPage
from ringfence.web.previews.question import refused_in
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.names_by_number import subject_text
from ringfence.wording.saying import gettext as _

from .draft import ClientDraft, begin_again, caption, read_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoGetsAccessPage(ListPage[FoundRow]):
    caption: str
    may_choose: bool
    chosen: bool
    """Whether the list was changed, so that defaults do not apply by themselves."""
    rows: tuple[GranteeRow, ...]
    levels: tuple[LevelOption, ...]
    """Empty where the firm's screens show one choice."""
    confidential: bool
    left_out: tuple[str, ...]
    """Defaults of the member's own that they could not give on this client."""


@needs(Capability.USE_CLIENTS, READS_AND_SENDS)
def access(visit: Visit) -> HttpResponse:
    """Who gets access, and whether the client is confidential, for who may share it once it is there."""
    draft = read_draft(visit)
    if draft is None or not draft.name:
        return begin_again(visit)
    if visit.request.method != "POST":
        return _page(visit, draft)
    post = visit.request.POST
    if may_choose(visit, draft):
        draft.keep(
            grants=None if post.get("go") == "again" else kept_grants(sent_grants(visit, post)),
            confidential=post.get("confidential") == "yes",
        )
        draft = read_draft(visit) or draft
    go = post.get("go", "")
    if go == "search":
        return redirect(f"{_here(visit)}?{query_of(post)}#find")
    if go == "again" or go.startswith(("add-", "remove-")):
        return redirect(f"{_here(visit)}?{query_of(post)}" if query_of(post) else _here(visit))
    refused = refused_in(visit, draft.command)
    if refused is not None:
        return _page(visit, draft, problem_sentence(refused))
    return redirect("add-client-check", firm=visit.firm.pk)


def may_choose(visit: Visit, draft: ClientDraft) -> bool:
    """Whether the member may share the new client a moment later: the core is asked (rules.md 5, 9)."""
    # Marking it confidential is sharing, like a grant for it.
    row = ClientRow(name=draft.name, services=draft.services, confidential=True, grants=())
    return refused_in(visit, AddClient(client=row)) is None


def _here(visit: Visit) -> str:
    return reverse("add-client-access", args=[visit.firm.pk])


def _page(visit: Visit, draft: ClientDraft, error: str = "") -> HttpResponse:
    chooses = may_choose(visit, draft)
    names = SentenceNames(visit.firm, ())
    rows, left_out = _rows(visit, draft, names)
    search = grantee_search(visit, _here(visit))
    page = WhoGetsAccessPage(
        frame=frame_for(visit, "clients"),
        title=_("Who gets access to %(client)s?") % {"client": draft.name},
        caption=caption(3),
        back=reverse("add-client-services", args=[visit.firm.pk]),
        errors=(*search.errors, *((ErrorLine(text=error, href="#given"),) if error else ())),
        may_choose=chooses,
        chosen=draft.grants is not None,
        rows=rows,
        levels=level_options(visit),
        confidential=draft.confidential,
        left_out=left_out,
        listing=found_grantees(visit, search, (row.key for row in rows), offered=chooses),
    )
    return show(visit.request, "adding/access.html", page)


def _rows(
    visit: Visit, draft: ClientDraft, names: SentenceNames
) -> tuple[tuple[GranteeRow, ...], tuple[str, ...]]:
    """Who gets access as things stand, by defaults or as chosen; and the defaults that do not apply."""
    given: tuple[GrantTo, ...] = draft.grants or ()
    left_out: tuple[Subject, ...] = ()
    # What was chosen may be refused: the form shows it all the same, with the reason above it.
    with suppress(Refused):
        found = preview(visit.firm.pk, draft.command, actor=visit.actor)
        given, left_out = starting_grants(found), found.left_out_for
    owner = member_subject(visit.number) if visit.settings.creator_owns else None
    rows = grantee_rows(visit, given, names, origin=origin_of_defaults(visit), fixed=owner)
    return rows, tuple(subject_text(names, each) for each in left_out)
