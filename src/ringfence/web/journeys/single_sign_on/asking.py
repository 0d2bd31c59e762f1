"""What is done with a provider by a yes: turning it on and off, removing it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.providers import StillRequired, remove_provider, turn_off, turn_on
from ringfence.web.browse.plain_question import PlainQuestion
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.providers import REQUIRED
from ringfence.wording.saying import gettext as _

from .finding import found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One yes-or-no page in words."""

    title: str
    lead: tuple[str, ...]
    question: str
    unanswered: str
    done: str


@needs(Capability.MANAGE, READS_AND_SENDS)
def on(visit: Visit, provider: int) -> HttpResponse:
    """People sign in with it from now on."""
    asked = _Asked(
        title=_("Turn on the sign-in"),
        lead=(
            _(
                "[Members] whose address is of a domain that is proved to be your firm’s can sign in with it."
                " Passwords go on as before. Test it first: what fails there fails for everybody."
            ),
        ),
        question=_("Do you want to turn it on?"),
        unanswered=_("Select yes if you want to turn it on"),
        done=_("Your people can sign in with it now."),
    )
    return _answered(visit, provider, asked, turn_on)


@needs(Capability.MANAGE, READS_AND_SENDS)
def off(visit: Visit, provider: int) -> HttpResponse:
    """Nobody signs in with it any more."""
    asked = _Asked(
        title=_("Turn off the sign-in"),
        lead=(
            _(
                "Whoever is signed in with it is signed out at once. Who has no password here asks for a link"
                " to set one."
            ),
        ),
        question=_("Do you want to turn it off?"),
        unanswered=_("Select yes if you want to turn it off"),
        done=_("Nobody signs in with it any more."),
    )
    return _answered(visit, provider, asked, turn_off)


@needs(Capability.MANAGE, READS_AND_SENDS)
def remove(visit: Visit, provider: int) -> HttpResponse:
    """Forget it."""
    asked = _Asked(
        title=_("Remove the provider"),
        lead=(
            _(
                "Whoever is signed in with it is signed out at once, and its client secret is"
                " forgotten. To use"
                " it again you add it anew."
            ),
        ),
        question=_("Do you want to remove it?"),
        unanswered=_("Select yes if you want to remove it"),
        done=_("The provider is removed."),
    )
    return _answered(visit, provider, asked, remove_provider, gone=True)


def _answered(
    visit: Visit, provider: int, asked: _Asked, do: Callable[..., object], *, gone: bool = False
) -> HttpResponse:
    kept, firm = found(visit, provider), visit.firm.pk
    back = reverse("provider-settings", args=[firm, provider])
    answer = visit.request.POST.get("answer", "")
    if answer == "no":
        return redirect(back)
    error = asked.unanswered if visit.request.method == "POST" else ""
    if answer == "yes":
        try:
            do(firm, provider, actor=visit.actor)
        except LookupError:
            return redirect("providers", firm=firm)
        except StillRequired:
            error = str(REQUIRED)
        else:
            messages.success(visit.request, asked.done)
            return redirect("providers", firm=firm) if gone else redirect(back)
    page = PlainQuestion(
        frame=frame_for(visit, "manage"),
        title=asked.title,
        caption=kept.name,
        back=back,
        errors=(ErrorLine(text=error, href="#answer"),) if error else (),
        lead=asked.lead,
        question=asked.question,
        answer_error=error,
    )
    return show(visit.request, "shared/plain_question.html", page)
