"""A member's own default grantees (My client permissions): changed as a whole, by them or an administrator.

What is changed and not saved yet lies in a draft. Nothing here touches a client that is there already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Overtaken, Refused
from ringfence.core.commands.definitions import GrantTo, SetDefaults
from ringfence.core.refusals import Refusal
from ringfence.core.terms import EVERYONE, group_subject
from ringfence.firms.models import Draft
from ringfence.web.browse.grantees import (
    FoundRow,
    GranteeRow,
    LevelOption,
    default_grants,
    everyone_policy,
    found_grantees,
    grantee_rows,
    grantee_search,
    grants_kept,
    kept_grants,
    level_options,
    query_of,
    sent_grants,
)
from ringfence.web.browse.listing import ListPage
from ringfence.web.previews.confirm import changed_meanwhile, execute_shown
from ringfence.web.queries.drafts import draft_for, drop_draft, start_draft
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class DefaultsPage(ListPage[FoundRow]):
    caption: str
    lead: str
    conflict: str
    """What the firm's policy gives besides; empty where it gives nothing."""
    closed: tuple[str, ...]
    """Why nothing can be changed here; empty where it can."""
    rows: tuple[GranteeRow, ...]
    levels: tuple[LevelOption, ...]
    unsaved: bool
    nobody: str


@needs(Capability.USE_CLIENTS, READS_AND_SENDS)
def mine(visit: Visit) -> HttpResponse:
    """The visitor's own (rules.md 7, `defaults.set`)."""
    return _answer(visit, visit.number)


@needs(Capability.MANAGE, READS_AND_SENDS)
def of_member(visit: Visit, member: int) -> HttpResponse:
    """Another member's, for administrators."""
    if member not in visit.firm_now.members:
        raise Http404
    return _answer(visit, member)


def _answer(visit: Visit, member: int) -> HttpResponse:
    post = visit.request.POST
    if visit.request.method != "POST":
        return _page(visit, member)
    here = _here(visit, member)
    if not visit.settings.personal_defaults:
        return _page(visit, member)
    if post.get("go") == "discard":
        drop_draft(visit.firm.pk, visit.number, _purpose(member))
        return redirect(here)
    draft = _keep(visit, member, sent_grants(visit, post))
    if post.get("go") == "save":
        return _save(visit, member, draft)
    query = query_of(post)
    fragment = "#find" if post.get("go") == "search" else ""
    return redirect(f"{here}?{query}{fragment}" if query else here)


def _save(visit: Visit, member: int, draft: Draft) -> HttpResponse:
    standing = kept_grants(default_grants(visit, member))
    if _pairs(draft.values["was"]) != _pairs(standing):
        drop_draft(visit.firm.pk, visit.number, _purpose(member))
        error = _("Somebody has changed this list meanwhile. This is how it is now: make your change again.")
        return _page(visit, member, error)
    command = SetDefaults(
        grants=grants_kept(visit, draft.values["grants"]),
        member=None if member == visit.number else member,
    )
    try:
        execute_shown(visit, command)
    except Overtaken:
        return _page(visit, member, changed_meanwhile())
    except Refused as refused:
        if refused.refusal is not Refusal.CONFLICT:
            return _page(visit, member, problem_sentence(refused))
    drop_draft(visit.firm.pk, visit.number, _purpose(member))
    messages.success(
        visit.request,
        _("The list is saved. It applies to [clients] that are added from now on."),
    )
    return redirect(_here(visit, member))


def _pairs(kept: Iterable[Iterable[object]]) -> set[tuple[object, ...]]:
    """A list as a draft keeps it, whatever its order."""
    return {tuple(each) for each in kept}


def _purpose(member: int) -> str:
    return f"defaults.set.{member}"


def _keep(visit: Visit, member: int, grants: list[GrantTo]) -> Draft:
    """Keep the list as it was sent, beside the one that it was made from."""
    purpose, firm = _purpose(member), visit.firm.pk
    draft = draft_for(firm, visit.number, purpose)
    if draft is None:
        draft = start_draft(firm, visit.number, purpose)
        draft.values = {"was": kept_grants(default_grants(visit, member))}
    draft.values = {**draft.values, "grants": kept_grants(grants)}
    draft.save()
    return draft


def _here(visit: Visit, member: int) -> str:
    if member == visit.number:
        return reverse("my-client-permissions", args=[visit.firm.pk])
    return reverse("client-permissions-of", args=[visit.firm.pk, member])


def _page(visit: Visit, member: int, error: str = "") -> HttpResponse:
    own = member == visit.number
    names = SentenceNames(visit.firm, ())
    editable = visit.settings.personal_defaults
    standing = default_grants(visit, member)
    draft = draft_for(visit.firm.pk, visit.number, _purpose(member)) if editable else None
    grants = standing if draft is None else grants_kept(visit, draft.values["grants"])
    search = grantee_search(visit, _here(visit, member))
    rows = grantee_rows(visit, grants, names)
    name = names.member(member)
    page = DefaultsPage(
        frame=frame_for(visit, "account" if own else "manage"),
        title=_("My [client] permissions")
        if own
        else _("Own [client] permissions of %(member)s") % {"member": name},
        caption=_("Your account") if own else _("[Member]"),
        back=reverse("your-account", args=[visit.firm.pk])
        if own
        else reverse("member", args=[visit.firm.pk, member]),
        errors=(*search.errors, *((ErrorLine(text=error, href="#given"),) if error else ())),
        lead=_lead(own, name),
        conflict=_conflict(visit, own, name),
        closed=() if editable else tuple(_closed(visit, standing)),
        rows=rows,
        levels=level_options(visit) if editable else (),
        unsaved=_pairs(kept_grants(grants)) != _pairs(kept_grants(standing)),
        nobody=_("Nobody is on the list."),
        listing=found_grantees(visit, search, (row.key for row in rows), offered=editable),
    )
    return show(visit.request, "defaults/mine.html", page)


def _lead(own: bool, name: str) -> str:
    if own:
        return _(
            "Whoever is on this list is given access to every [client] that you add or bring in from now on. "
            "You see the list again before you save [a client], and can change it for that one."
        )
    words = _(
        "Whoever is on this list is given access to every [client] that %(member)s adds or brings in from "
        "now on. %(member)s sees the list again before saving, and can change it for that one."
    )
    return words % {"member": name}


def _conflict(visit: Visit, own: bool, name: str) -> str:
    level = everyone_policy(visit).get(group_subject(EVERYONE))
    if level is None:
        return ""
    told = {"level": level_shown(level), "member": name}
    if own:
        words = _(
            "Your firm’s default permissions policy also gives Everyone access: %(level)s. If Everyone is "
            "on your list, your list wins."
        )
    else:
        words = _(
            "Your firm’s default permissions policy also gives Everyone access: %(level)s. If Everyone is "
            "on the list of %(member)s, that list wins."
        )
    return words % told


def _closed(visit: Visit, standing: tuple[GrantTo, ...]) -> Iterable[str]:
    """Why the list cannot be changed, and who can change that."""
    yield _("Your firm’s policies do not let [members] have a list of their own, so it cannot be changed.")
    if standing:
        yield _("What is on it is kept. It does not count unless the policy is changed.")
    if not visit.can(Capability.MANAGE):
        yield _("An administrator of your firm can change the policy.")
