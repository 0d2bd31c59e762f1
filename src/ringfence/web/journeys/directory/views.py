"""How the firm's directory stands: asked by a press, tested by another, and the brake let go by a number."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access.directories import KeptDirectory, directory_of
from ringfence.jobs.directory import ask_directory
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.directories import left_out_text, status_text, why_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text

SHOWN = 10
"""People and what is left out, of a test, that are named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TestAnswer:
    """What came back of a test, line by line."""

    failed: str
    facts: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPage(Page):
    change: str
    forget: str
    there: bool
    manages: bool
    facts: tuple[tuple[str, str], ...]
    braked: str
    """The number that has to be written for as many to go; empty where the brake does not hold."""
    number_error: str
    answer: TestAnswer | None


@needs(Capability.READ_CONTROL, READS_AND_SENDS)
def directory(visit: Visit) -> HttpResponse:
    """How it stands, with its three presses."""
    firm = visit.firm.pk
    kept = directory_of(firm)
    if visit.request.method != "POST":
        return _page(visit, kept)
    if not visit.can(Capability.MANAGE):
        raise PermissionDenied
    if kept is None:
        return redirect("directory", firm=firm)
    post = visit.request.POST
    if post.get("go") == "test":
        return _page(visit, kept, answer=_tested(kept))
    at_most = 0
    if post.get("go") == "number":
        at_most = number_in(post.get("number", "").replace(",", "").replace(" ", "")) or 0
        if at_most != kept.last.going:
            error = _("Write %(count)s for as many to go") % {"count": figure(kept.last.going)}
            return _page(visit, kept, error=error)
    ask_directory(firm, at_most)
    messages.success(
        visit.request, _("The directory is being asked. What came of it stands here in a moment.")
    )
    return redirect("directory", firm=firm)


def _tested(kept: KeptDirectory) -> TestAnswer:
    try:
        # An extra of the package, which firms without a directory do without.
        from ringfence.lists.directory.syncing import ask
    except ImportError:
        return TestAnswer(failed=why_text("missing", "", ""))
    done = ask(kept, tuple(settings.SIGN_IN_NETWORKS))
    if done.failure is not None:
        failure = done.failure
        return TestAnswer(failed=why_text(failure.why, showable(failure.said), showable(failure.about)))
    assert done.found is not None
    found = done.found
    facts = [
        _("Answered over %(version)s.") % {"version": done.encrypted_as}
        if done.encrypted_as
        else _("Answered, without encryption."),
        ngettext("%(count)s person", "%(count)s people", len(found.people))
        % {"count": figure(len(found.people))},
        ngettext(
            "%(count)s person who is switched off",
            "%(count)s people who are switched off",
            found.switched_off,
        )
        % {"count": figure(found.switched_off)},
        ngettext("%(count)s [group]", "%(count)s [groups]", len(found.groups))
        % {"count": figure(len(found.groups))},
    ]
    if done.referrals:
        places = ", ".join(map(showable, done.referrals))
        facts.append(
            _("It sent us elsewhere as well, which is not followed: %(places)s") % {"places": places}
        )
    return TestAnswer(
        failed="",
        facts=tuple(facts),
        people=tuple(
            showable(" · ".join(filter(None, (each.name, each.email, each.external, ", ".join(each.groups)))))
            for each in found.people[:SHOWN]
        ),
        left_out=tuple(
            f"{showable(each.name)}: {each.said or left_out_text(each.why)}" for each in done.left_out[:SHOWN]
        ),
    )


def _page(
    visit: Visit, kept: KeptDirectory | None, answer: TestAnswer | None = None, error: str = ""
) -> HttpResponse:
    firm, manages = visit.firm.pk, visit.can(Capability.MANAGE)
    braked = kept is not None and kept.last.status == "braked"
    page = DirectoryPage(
        frame=frame_for(visit, "manage"),
        title=_("Directory"),
        back=reverse("manage", args=[firm]),
        errors=(ErrorLine(text=error, href="#number"),) if error else (),
        change=reverse("change-directory", args=[firm]) if manages else "",
        forget=reverse("forget-directory", args=[firm]) if manages else "",
        there=kept is not None,
        manages=manages,
        facts=_facts(visit, kept) if kept is not None else (),
        braked=figure(kept.last.going) if kept is not None and braked else "",
        number_error=error,
        answer=answer,
    )
    return show(visit.request, "directory/directory.html", page)


def _facts(visit: Visit, kept: KeptDirectory) -> tuple[tuple[str, str], ...]:
    last = kept.last
    facts = [
        (_("Server"), showable(str(kept.settings.get("server", "")))),
        (_("Asked every hour"), _("Yes") if kept.hourly else _("No")),
    ]
    if not last.status:
        return (*facts, (_("Last time"), _("Not asked yet")))
    facts.append((_("Last time"), moment_text(last.at, visit.zone)))
    said = (
        why_text(last.why, showable(last.said), showable(last.about))
        if last.why
        else status_text(last.status)
    )
    facts.append((_("What came of it"), said))
    if last.people:
        counts = {"people": figure(last.people), "groups": figure(last.groups), "out": figure(last.left_out)}
        facts.append(
            (_("What it held"), _("People: %(people)s. [Groups]: %(groups)s. Left out: %(out)s.") % counts)
        )
    return tuple(facts)
