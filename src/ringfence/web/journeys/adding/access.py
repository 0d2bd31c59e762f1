"""Step 3 of adding a client: who gets access. The defaults are shown, and may be edited (rules.md 5)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Refused, preview
from ringfence.access.reading import starting_grants
from ringfence.core.commands.definitions import AddClient, ClientRow, GrantTo
from ringfence.core.terms import EVERYONE, GIVING, Level, Subject, group_subject, member_subject
from ringfence.web.browse.listing import Listing, ListPage, list_page, sliced
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.previews.question import refused_in
from ringfence.web.queries.groups import groups_matching
from ringfence.web.queries.people import members_matching
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.names_by_number import subject_text
from ringfence.wording.saying import gettext as _

from .draft import ClientDraft, begin_again, caption, read_draft, stored

SHOWN = 10
"""Groups and members found that are offered at once."""


class GrantRow(NamedTuple):
    """Somebody who gets access, as the form shows them."""

    key: str
    name: str
    about: str
    level: str
    fixed: bool
    """Who adds the client keeps this whatever is chosen."""


class LevelOption(NamedTuple):
    """A level that may be chosen."""

    value: str
    text: str


class FoundRow(NamedTuple):
    """A group or member that the search has found and that can be added."""

    key: str
    name: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoGetsAccessPage(ListPage[FoundRow]):
    caption: str
    may_choose: bool
    rows: tuple[GrantRow, ...]
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
        sent = _sent(visit, draft, post)
        draft.keep(grants=stored(sent), confidential=post.get("confidential") == "yes")
        draft = read_draft(visit) or draft
    go = post.get("go", "")
    if go == "search":
        return redirect(f"{_here(visit)}?{_query(post)}#find")
    if go.startswith(("add-", "remove-")):
        return redirect(f"{_here(visit)}?{_query(post)}" if _query(post) else _here(visit))
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


def _query(post: QueryDict) -> str:
    query = QueryDict(mutable=True)
    if text := post.get("search", "").strip():
        query["search"] = text
    return query.urlencode()


def _sent(visit: Visit, draft: ClientDraft, post: QueryDict) -> list[GrantTo]:
    """The grants as the form has them, with the one more or less that its button asked for."""
    go = post.get("go", "")
    keys = [key for key in post.getlist("given") if go != f"remove-{key}"]
    if go.startswith("add-"):
        keys.append(go.removeprefix("add-"))
    found = {}
    for key in dict.fromkeys(keys):
        subject = _subject(visit, key)
        if subject is not None:
            word = post.get(f"level-{key}", "")
            found[subject] = next((each for each in GIVING if each.word == word), usual_level(visit, subject))
    return [GrantTo(to=subject, level=level) for subject, level in found.items()]


def _subject(visit: Visit, key: str) -> Subject | None:
    kind, _dash, number = key.partition("-")
    if kind == "group" and number_in(number) in visit.firm_now.groups:
        return group_subject(number_in(number))
    if kind == "member" and number_in(number) in visit.firm_now.active_members:
        return member_subject(number_in(number))
    return None


def usual_level(visit: Visit, subject: Subject) -> Level:
    """What the firm's screens give at first (rules.md 1, levels)."""
    linked = visit.settings.profile == "practice" and subject.kind == "member"
    return Level.OWNER if linked else Level.EDITOR


def _page(visit: Visit, draft: ClientDraft, error: str = "") -> HttpResponse:
    chooses = may_choose(visit, draft)
    names = SentenceNames(visit.firm, ())
    rows, left_out = _rows(visit, draft, names)
    search = read_search(visit, _here(visit), _("[Group] or [member], by name or e-mail address"))
    page = WhoGetsAccessPage(
        frame=frame_for(visit, "clients"),
        title=_("Who gets access to %(client)s?") % {"client": draft.name},
        caption=caption(3),
        back=reverse("add-client-services", args=[visit.firm.pk]),
        errors=(*search.errors, *((ErrorLine(text=error, href="#given"),) if error else ())),
        may_choose=chooses,
        rows=rows,
        levels=tuple(LevelOption(each.word, level_shown(each)) for each in GIVING)
        if visit.settings.levels == "four"
        else (),
        confidential=draft.confidential,
        left_out=left_out,
        listing=_found(visit, search, {row.key for row in rows}, chooses),
    )
    return show(visit.request, "adding/access.html", page)


def _rows(
    visit: Visit, draft: ClientDraft, names: SentenceNames
) -> tuple[tuple[GrantRow, ...], tuple[str, ...]]:
    """Who gets access as things stand, by defaults or as chosen; and the defaults that do not apply."""
    given: tuple[GrantTo, ...] = draft.grants or ()
    left_out: tuple[Subject, ...] = ()
    # What was chosen may be refused: the form shows it all the same, with the reason above it.
    with suppress(Refused):
        found = preview(visit.firm.pk, draft.command, actor=visit.actor)
        given, left_out = starting_grants(found), found.left_out_for
    owner = member_subject(visit.number) if visit.settings.creator_owns else None
    rows = tuple(
        GrantRow(
            key=f"{grant.to.kind}-{grant.to.number}",
            name=_("%(member)s (you)") % {"member": subject_text(names, grant.to)}
            if grant.to == member_subject(visit.number)
            else subject_text(names, grant.to),
            about=_about(grant.to),
            level=grant.level.word if visit.settings.levels == "four" else level_shown(grant.level),
            fixed=grant.to == owner,
        )
        for grant in given
    )
    return rows, tuple(subject_text(names, each) for each in left_out)


def _about(subject: Subject) -> str:
    if subject.kind == "member":
        return ""
    return _("built-in [group]") if subject.number == EVERYONE else _("[group]")


def _found(visit: Visit, search: SearchForm, given: set[str], chooses: bool) -> Listing[FoundRow]:
    found = list(_candidates(visit, search, given)) if chooses and search.active else []
    return list_page(
        visit,
        search,
        total=len(found),
        page=sliced(found),
        lines=lambda rows: rows,
        heading=lambda paging, search: _("Found"),
        empty=_("Try a part of the name or e-mail address, or clear the search.") if search.active else "",
        size=SHOWN,
    )


def _candidates(visit: Visit, search: SearchForm, given: set[str]) -> Iterator[FoundRow]:
    text = search.wanted.text
    found: Sequence[FoundRow] = [
        *(
            FoundRow(f"group-{number}", name, _about(group_subject(number)))
            for number, name in groups_matching(visit.firm_now, text)
        ),
        *(
            FoundRow(f"member-{row.number}", row.name, row.email)
            for row in members_matching(visit.firm.pk, text, within=visit.firm_now.active_members)
        ),
    ]
    return (row for row in found if row.key not in given)
