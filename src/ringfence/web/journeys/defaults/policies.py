"""Policies: what Everyone gets on each new client, and whether members have default grantees of their own.

Two of the firm's settings (rules.md 3), in words for who adds a client; the others have a page of theirs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.core.commands.definitions import ChangeSettings
from ringfence.core.terms import GIVING, Level
from ringfence.web.previews.question import Question, asked_and_done
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, figure
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

NOTHING = Level.NONE.word


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyOption:
    """One answer of the two questions."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoliciesPage(Page):
    levels: tuple[PolicyOption, ...]
    everyone: str
    everyone_error: str
    held_back: str
    """Why the policy gives nothing although it says so; empty where it does what it says."""
    personal: str
    personal_error: str
    kept: str
    """How many members have a list of their own; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPolicies:
    """What was chosen: a level's word, and yes or no; empty for what was not."""

    everyone: str
    personal: str

    @property
    def values(self) -> dict[str, str]:
        """What the check sends along."""
        return {"everyone": self.everyone, "personal": self.personal}

    @property
    def command(self) -> ChangeSettings:
        return ChangeSettings(
            values={"default_everyone": self.everyone, "personal_defaults": self.personal == "yes"}
        )


@needs(Capability.MANAGE, READS_AND_SENDS)
def policies(visit: Visit) -> HttpResponse:
    """The two policies, and what a change of them does before it is made."""
    if visit.request.method != "POST":
        return _page(visit, _standing(visit))
    wanted = _read(visit)
    if not (wanted.everyone and wanted.personal):
        return _page(visit, wanted, sent=True)
    here = reverse("policies", args=[visit.firm.pk])
    if wanted == _standing(visit):
        messages.info(visit.request, _("Nothing is changed: your policies say this already."))
        return redirect(here)
    question = Question(
        title=_("Check the change of your policies"),
        lead=" ".join(_meaning(visit, wanted)),
        text=_("Do you want to make this change?"),
        unanswered=_("Select yes if you want to make this change"),
        back=here,
        section="manage",
        kept=wanted.values,
    )
    done = _("The policies are changed. Existing [clients] are as they were.")
    return asked_and_done(visit, wanted.command, question, done=done, form=True)


def _standing(visit: Visit) -> WantedPolicies:
    settings = visit.settings
    return WantedPolicies(
        everyone=settings.default_everyone, personal="yes" if settings.personal_defaults else "no"
    )


def _read(visit: Visit) -> WantedPolicies:
    post = visit.request.POST
    everyone, personal = post.get("everyone", ""), post.get("personal", "")
    return WantedPolicies(
        everyone=everyone if everyone in {each.value for each in _levels(visit)} else "",
        personal=personal if personal in ("yes", "no") else "",
    )


def _levels(visit: Visit) -> tuple[PolicyOption, ...]:
    """Nothing, the levels that the firm's screens show, and the one that stands."""
    if visit.settings.levels == "four":
        shown = list(GIVING)
    else:
        shown = [Level.EDITOR]
        standing = visit.settings.everyone_level
        if standing and standing not in shown:
            shown.append(standing)
    nothing = PolicyOption(
        value=NOTHING,
        text=_("Nothing"),
        hint=_("Whoever adds [a client] chooses who can open it."),
    )
    return (nothing, *(PolicyOption(value=each.word, text=level_shown(each)) for each in shown))


def _meaning(visit: Visit, wanted: WantedPolicies) -> Iterator[str]:
    """What the change means from now on, a sentence each."""
    settings = visit.settings
    if wanted.everyone != settings.default_everyone:
        level = Level.of(wanted.everyone)
        if level:
            words = _(
                "From now on everybody in the firm gets this on each new [client], whoever adds it: "
                "%(level)s. Whoever adds the [client] sees that first, and can change it or take it off."
            )
            yield words % {"level": level_shown(level)}
        else:
            yield _("From now on a new [client] is given to nobody but those whom whoever adds it chooses.")
            if settings.everyone_grants == "with_default":
                yield _("No more access can be given to Everyone. What Everyone has is kept.")
    if (wanted.personal == "yes") != settings.personal_defaults:
        if wanted.personal == "yes":
            yield _("[Members] can keep a list of who else gets access to [clients] that they add.")
        else:
            yield _("[Members] can no longer keep a list of who else gets access to [clients] that they add.")
        if _lists(visit):
            yield _lists_kept(visit)
    clients = count_clients(len(visit.firm_now.clients))
    yield _("Nothing changes for what is there already: %(clients)s.") % {"clients": clients}


def _lists(visit: Visit) -> int:
    lists, active = visit.firm_now.personal_defaults, visit.firm_now.active_members
    return sum(number in active for number, grants in lists.items() if grants)


def _lists_kept(visit: Visit) -> str:
    """How many lists there are that a change of the second policy is about."""
    count = _lists(visit)
    words = ngettext(
        "%(count)s [member] has a list, which is kept.",
        "%(count)s [members] have a list, which is kept.",
        count,
    )
    return words % {"count": figure(count)}


def _page(visit: Visit, wanted: WantedPolicies, *, sent: bool = False) -> HttpResponse:
    settings = visit.settings
    everyone_error = _("Select what everybody gets on a new [client]") if not wanted.everyone else ""
    personal_error = _("Select yes if [members] may have a list of their own") if not wanted.personal else ""
    errors = [
        ErrorLine(text=text, href=href)
        for text, href in ((everyone_error, "#everyone"), (personal_error, "#personal"))
        if text and sent
    ]
    held_back = settings.everyone_level and not settings.everyone_may_be_granted
    page = PoliciesPage(
        frame=frame_for(visit, "manage"),
        title=_("Policies"),
        back=reverse("manage", args=[visit.firm.pk]),
        errors=tuple(errors),
        levels=_levels(visit),
        everyone=wanted.everyone,
        everyone_error=everyone_error,
        held_back=_(
            "This gives nobody anything at present: your firm’s settings do not let Everyone be given access."
        )
        if held_back
        else "",
        personal=wanted.personal,
        personal_error=personal_error,
        kept=_lists_kept(visit) if _lists(visit) else "",
    )
    return show(visit.request, "defaults/policies.html", page)
