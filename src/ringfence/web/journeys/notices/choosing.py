"""Which notices come to the member by mail. All of them stand on the page of notices, whatever is chosen."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.digest.days import goes_out
from ringfence.access.notice_choices import choose_notices, chosen_by_mail, offered
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeChoiceRow:
    """One box: the kinds of notices that it stands for."""

    value: str
    text: str
    hint: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseNoticesPage(Page):
    rows: tuple[NoticeChoiceRow, ...]
    digest: str
    """Where the daily digest is chosen; empty where the firm sends none."""
    sends: bool
    """Whether any mail is sent at all."""
    manages: bool
    mail: str
    """Where who manages the firm sees what to do so that mail is sent; empty where it is."""


@needs(Capability.MEMBER, READS_AND_SENDS)
def choose(visit: Visit) -> HttpResponse:
    """A box for each kind that one can do without."""
    firm, member = visit.firm.pk, visit.number
    if visit.request.method == "POST":
        ticked = set(visit.request.POST.getlist("by-mail"))
        choose_notices(
            visit.firm_now, member, {value: value in ticked for value in offered(visit.firm_now, member)}
        )
        messages.success(visit.request, _("Your choice is saved."))
        return redirect("choose-notices", firm=firm)
    words = _words()
    manages = visit.can(Capability.MANAGE)
    page = ChooseNoticesPage(
        frame=frame_for(visit, "notices"),
        title=_("Notices by e-mail"),
        back=reverse("notices", args=[firm]),
        rows=tuple(
            NoticeChoiceRow(value=value, text=words[value][0], hint=words[value][1], checked=checked)
            for value, checked in chosen_by_mail(visit.firm_now, member).items()
        ),
        digest=reverse("your-digest", args=[firm]) if goes_out(visit.settings) else "",
        sends=settings.SENDS_MAIL,
        manages=manages,
        mail=reverse("firm-mail", args=[firm]) if manages and not settings.SENDS_MAIL else "",
    )
    return show(visit.request, "notices/choose.html", page)


def _words() -> dict[str, tuple[str, str]]:
    """What each box says, and what is said below it."""
    return {
        "requests": (
            _("Requests that you may decide"),
            _("Somebody asks for access to [a client] that you may share, and a reminder after two days"),
        ),
        "answers": (_("Answers to your requests"), ""),
        "changes": (
            _("Changes of your access"),
            _("Somebody gives you access or takes it away: one e-mail for each change"),
        ),
        "endings": (_("Access of yours that ends within a week"), ""),
        "reviews": (
            _("Access reviews"),
            _("Something waits for you in one, and reminders a week and a day before it is due"),
        ),
        "nobody": (_("[Clients] that nobody can open any more"), ""),
    }
