"""The order of the steps of creating a group, and what is said to who comes to one that cannot be shown."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.web.queries.drafts import KEPT
from ringfence.web.queries.ledger import last_given
from ringfence.web.queries.things import member_names
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text

from .draft import GroupDraft, last_created

CUSTOM = (
    "create-group",
    "create-group-name",
    "create-group-clients",
    "create-group-members",
    "create-group-check",
)
PEOPLE = ("create-group", "create-group-name", "create-group-members", "create-group-check")
SERVICE = (
    "create-group",
    "create-group-service",
    "create-group-name",
    "create-group-members",
    "create-group-check",
)
"""The steps by their routes, in order."""


def steps_of(draft: GroupDraft | None) -> tuple[str, ...]:
    """The steps of a group of the draft's kind."""
    kind = draft.kind if draft is not None else "custom"
    return {"people": PEOPLE, "custom": CUSTOM, "service": SERVICE}[kind]


def caption(draft: GroupDraft | None, route: str) -> str:
    """Where in the journey a page stands."""
    steps = steps_of(draft)
    return _("Create [group]: step %(step)s of %(steps)s") % {
        "step": steps.index(route) + 1,
        "steps": len(steps),
    }


def back(visit: Visit, draft: GroupDraft | None, route: str) -> str:
    """The address of the step before."""
    steps = steps_of(draft)
    return reverse(steps[steps.index(route) - 1], args=[visit.firm.pk])


def first_missing(draft: GroupDraft) -> str:
    """The route of the first step that is not done; the check where all are."""
    done = {
        "create-group": True,
        "create-group-service": bool(draft.service),
        "create-group-name": bool(draft.name),
        "create-group-clients": bool(draft.chosen),
        "create-group-members": bool(draft.members),
    }
    return next((step for step in steps_of(draft) if not done.get(step, False)), "create-group-check")


def too_early(visit: Visit, draft: GroupDraft, route: str) -> HttpResponse | None:
    """The way to the first step that has to be done before this one; None where all are.

    Who comes from a step of another kind of group is told: they have chosen anew in a second tab.
    """
    steps, missing = steps_of(draft), first_missing(draft)
    if _of_another_kind(visit, draft, route):
        messages.info(
            visit.request,
            _(
                "You have chosen another kind of [group] meanwhile, perhaps in another window or tab. What "
                "you sent last is not kept: go on here."
            ),
        )
    elif route in steps and steps.index(missing) >= steps.index(route):
        return None
    return redirect(missing, firm=visit.firm.pk)


def _of_another_kind(visit: Visit, draft: GroupDraft, route: str) -> bool:
    """Whether what was sent is the form of a step before the kind of this draft was chosen anew."""
    if visit.request.method != "POST":
        return False
    draft_sent, _point, kind = visit.request.POST.get("token", "").partition(".")
    return draft_sent == str(draft.row.id) and kind != draft.kind


def lost(visit: Visit) -> HttpResponse:
    """The way on for who comes to a step without a draft, with what became of it."""
    firm = visit.firm.pk
    group = last_created(visit)
    if group is not None and group in visit.firm_now.groups:
        messages.info(visit.request, _("This [group] has been created already. You can change it here."))
        return redirect("group", firm=firm, number=group)
    messages.info(visit.request, _what_became_of_it(visit))
    return redirect("create-group", firm=firm)


def _what_became_of_it(visit: Visit) -> str:
    firm = visit.firm.pk
    turned_off = last_given(firm, "control.turn_off", within=KEPT)
    if turned_off is None:
        return _(
            "There is no [group] that you have begun to create: one is kept for a day, until it is created "
            "or discarded. Begin here."
        )
    names = member_names(firm, [turned_off.member] if turned_off.member else [])
    when = moment_text(turned_off.at, visit.zone)
    who = names.get(turned_off.member or 0, "")
    told = (
        _("%(member)s turned off [access control] (%(when)s).") % {"member": who, "when": when}
        if who
        else _("Whoever runs Ringfence turned off [access control] (%(when)s).") % {"when": when}
    )
    return " ".join(
        (
            told,
            _("[Groups] that somebody had begun to create and not finished are discarded then. Begin again."),
        )
    )


def gone_notices(draft: GroupDraft) -> tuple[str, ...]:
    """What of the choices is not in the firm any more."""
    said = []
    if draft.clients_gone:
        words = ngettext(
            "%(num)s that you had chosen is not in the firm any more and was left out.",
            "%(num)s that you had chosen are not in the firm any more and were left out.",
            draft.clients_gone,
        )
        said.append(words % {"num": draft.clients_gone})
    if draft.members_gone:
        words = ngettext(
            "%(count)s [member] whom you had chosen is not active any more and was left out.",
            "%(count)s [members] whom you had chosen are not active any more and were left out.",
            draft.members_gone,
        )
        said.append(words % {"count": draft.members_gone})
    return tuple(said)


def another_begun() -> str:
    """The error of a form that was made for another draft."""
    return _("You began another [group] meanwhile: this is that one")
