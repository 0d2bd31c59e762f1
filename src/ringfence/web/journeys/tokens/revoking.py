"""Revoking a token after yes: by administrators, and by the member whom it acts for."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.core.commands.definitions import RevokeToken
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.queries.tokens import token_name
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _


@needs(Capability.MANAGE, READS_AND_SENDS)
def revoke(visit: Visit, token: int) -> HttpResponse:
    """From the answer on nothing is answered or done with the token. For good."""
    firm = visit.firm.pk
    name = token_name(firm, token)
    if name is None:
        if visit.request.method == "POST" and 0 < token <= visit.firm_now.last_token:
            # The second of two clicks.
            return redirect("tokens", firm=firm)
        raise Http404
    return asked_and_done(
        visit,
        RevokeToken(token=token),
        Question(
            title=_("Revoke the token %(token)s") % {"token": name},
            text=_("Do you want to revoke it?"),
            unanswered=_("Select yes if you want to revoke the token"),
            lead=_(
                "Software that uses it is refused from that moment on. A token that was revoked never works"
                " again: if it is needed, make another one."
            ),
            back=reverse("tokens", args=[firm]),
            section="manage",
        ),
        done=_("The token %(token)s is revoked.") % {"token": name},
        to=reverse("tokens", args=[firm]),
    )
