"""Another name, client reference or kind for a client (rules.md 7, `client.change`)."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from msgspec import UNSET

from ringfence.access import Overtaken, Refused
from ringfence.access.reading import ClientRight
from ringfence.core.commands.definitions import ChangeClient
from ringfence.core.refusals import Problem, Refusal
from ringfence.firms.models import Client
from ringfence.web.previews.confirm import changed_meanwhile, execute_shown
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address, may_change, need_change
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

Texts = dict[str, str]
"""By field: `name`, `reference`, and `kind` for who may change it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameAndReferencePage(Page):
    caption: str
    given: Texts
    was: Texts
    """What the form began with, so that what others change meanwhile is noticed."""
    faults: Texts


@needs(Capability.MEMBER, READS_AND_SENDS)
def change(visit: Visit, number: int) -> HttpResponse:
    """The form of name, client reference and kind; only what was changed in it is changed."""
    need_change(visit, ClientRight.CORRECT, number)
    stands = _standing(visit, number)
    back = client_address(visit, number)
    if visit.request.method != "POST":
        return _page(visit, number, stands, stands, {})
    post = visit.request.POST
    given = {field: post.get(field, "").strip() for field in stands}
    overtaken = {field for field in stands if post.get(f"was-{field}", "") != stands[field]}
    if overtaken:
        told = {
            field: _("Somebody changed this meanwhile to “%(text)s”: check it, and save again")
            % {"text": stands[field]}
            for field in overtaken
        }
        return _page(visit, number, stands, given, told)
    fresh = {field: text for field, text in given.items() if text != stands[field].strip()}
    if not fresh:
        return redirect(back)
    command = ChangeClient(
        client=number,
        name=fresh.get("name", UNSET),
        reference=fresh.get("reference", UNSET),
        kind=fresh.get("kind", UNSET),
    )
    try:
        execute_shown(visit, command)
    except Overtaken:
        return _page(visit, number, _standing(visit, number), given, {"name": changed_meanwhile()})
    except Refused as refused:
        if refused.refusal is Refusal.CONFLICT:
            return redirect(back)
        return _page(visit, number, stands, given, {refused.field or "name": _sentence(refused)})
    messages.success(visit.request, _("The details of %(client)s are saved.") % {"client": given["name"]})
    return redirect(back)


def _standing(visit: Visit, number: int) -> Texts:
    """What may be changed, as it is now."""
    row = Client.objects.filter(firm=visit.firm.pk, number=number).first()
    if row is None:
        raise Http404
    found = {"name": row.name, "reference": row.reference}
    return found | {"kind": row.kind} if may_change(visit, ClientRight.DESCRIBE, number) else found


def _sentence(refused: Refused) -> str:
    if refused.field == "name" and refused.problem is Problem.TEXT_EMPTY:
        return _("Enter the name of the [client]")
    return problem_sentence(refused)


def _page(visit: Visit, number: int, stands: Texts, given: Texts, faults: Texts) -> HttpResponse:
    page = NameAndReferencePage(
        frame=frame_for(visit, "clients"),
        title=_("Name and reference"),
        caption=stands["name"],
        back=client_address(visit, number),
        errors=tuple(ErrorLine(text=faults[field], href=f"#{field}") for field in stands if field in faults),
        given={field: showable(text) for field, text in given.items()},
        was=stands,
        faults=faults,
    )
    return show(visit.request, "changing/details.html", page)
