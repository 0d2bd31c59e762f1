"""Marking a client confidential, so that it is never open to all, or ending that (rules.md 1, 7)."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from ringfence.core.commands.definitions import ChangeClient
from ringfence.firms.models import Client
from ringfence.web.previews.question import Question, asked
from ringfence.web.shell.addresses import sharing_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address, mark_address
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _


@needs(Capability.MEMBER, READS_AND_SENDS)
def mark(visit: Visit, number: int) -> HttpResponse:
    """Yes marks a client that is not confidential, and unmarks one that is; `to` says which was meant."""
    if number not in visit.firm_now.known_clients(visit.number):
        raise Http404
    if not mark_address(visit, number):
        raise PermissionDenied
    row = Client.objects.get(firm=visit.firm.pk, number=number)
    # Whoever shares it without opening it goes on where that is done.
    opens = visit.can(Capability.READ_CONTROL) or visit.firm_now.sees(visit.number, number)
    back = client_address(visit, number) if opens else sharing_address(visit, number)
    confidential = not row.confidential
    kept = "yes" if confidential else "no"
    if visit.request.method == "POST" and visit.request.POST.get("to") != kept:
        # The second of two clicks, or somebody else was quicker: it is so already.
        return redirect(back)
    answer = asked(
        visit,
        ChangeClient(client=number, confidential=confidential),
        _marking(row.name, back) if confidential else _unmarking(row.name, back),
    )
    if isinstance(answer, HttpResponse):
        return answer
    done = _("%(client)s is confidential now.") if confidential else _("%(client)s is not confidential now.")
    messages.success(visit.request, done % {"client": row.name})
    return redirect(back)


def _marking(name: str, back: str) -> Question:
    return Question(
        title=_("Mark %(client)s as confidential") % {"client": name},
        lead=_(
            "A confidential [client] is never open to everybody: only those who were given access can open "
            "it, also when the last of them leaves."
        ),
        text=_("Do you want to mark it as confidential?"),
        unanswered=_("Select yes if you want to mark it as confidential"),
        back=back,
        kept={"to": "yes"},
    )


def _unmarking(name: str, back: str) -> Question:
    return Question(
        title=_("%(client)s is to be confidential no longer") % {"client": name},
        lead=_("What of it was given to nobody is then as open as with any other [client] of the firm."),
        text=_("Do you want it to be confidential no longer?"),
        unanswered=_("Select yes if you want it to be confidential no longer"),
        back=back,
        kept={"to": "no"},
    )
