"""Who takes over from leavers who cannot be done without: choosing them, and choosing nobody."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.core.commands.definitions import SetSuccessor
from ringfence.web.browse.colleagues import colleagues
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _


def successor_title() -> str:
    """What the setting is called."""
    return _("Who takes over from leavers")


def successor_meaning(*, named: bool) -> str:
    """What holds where somebody is named, or nobody."""
    if named:
        return _(
            "Where the firm’s directory switches off the last [owner] of [a client] or the last "
            "administrator, this person takes over. Whoever can be done without simply leaves."
        )
    return _(
        "Where the firm’s directory switches off the last [owner] of [a client] or the last administrator, "
        "they stay, and the directory is told what to do first."
    )


@needs(Capability.MANAGE)
def choose(visit: Visit) -> HttpResponse:
    """Choose the colleague, or nobody where somebody is named."""
    firm, now = visit.firm.pk, visit.firm_now
    chosen = [number for number, member in now.members.items() if member.works and number != now.successor]
    nobody = Link(text=_("Let nobody take over"), href=reverse("no-firm-successor", args=[firm]))
    return colleagues(
        visit,
        caption=successor_title(),
        title=_("Who should take over from leavers?"),
        lead=successor_meaning(named=True),
        here=reverse("firm-successor", args=[firm]),
        back=reverse("settings", args=[firm]),
        within=chosen,
        address=lambda number: reverse("set-firm-successor", args=[firm, number]),
        instead=nobody if now.successor else None,
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def name(visit: Visit, member: int) -> HttpResponse:
    """Name this member after yes (rules.md 7, `successor.set`)."""
    firm, now = visit.firm.pk, visit.firm_now
    if member not in now.members:
        raise Http404
    if member == now.successor:
        # The second of two clicks.
        return redirect("settings", firm=firm)
    words = {"member": member_names(firm, [member]).get(member, "")}
    return asked_and_done(
        visit,
        SetSuccessor(member=member),
        Question(
            title=_("Let %(member)s take over from leavers") % words,
            text=_("Do you want %(member)s to take over from leavers?") % words,
            unanswered=_("Select yes if they are to take over from leavers"),
            lead=_(
                "Where the firm’s directory switches off the last [owner] of [a client], this person becomes "
                "its [owner]; where it switches off the last administrator, they get that role. Nothing "
                "changes until then."
            ),
            back=reverse("firm-successor", args=[firm]),
            section="manage",
        ),
        done=_("%(member)s takes over from leavers.") % words,
        to=reverse("settings", args=[firm]),
    )


@needs(Capability.MANAGE, READS_AND_SENDS)
def nobody(visit: Visit) -> HttpResponse:
    """Name nobody after yes: the directory is told what to do first."""
    back = reverse("settings", args=[visit.firm.pk])
    if not visit.firm_now.successor:
        return redirect(back)
    return asked_and_done(
        visit,
        SetSuccessor(),
        Question(
            title=_("Let nobody take over from leavers"),
            text=_("Do you want nobody to take over from leavers?"),
            unanswered=_("Select yes if nobody is to take over from leavers"),
            lead=successor_meaning(named=False),
            back=back,
            section="manage",
        ),
        done=_("Nobody takes over from leavers any more."),
    )
