"""Yes or no before a change, with what yes does; and that others changed the firm while the page was read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from pyroaring import BitMap

from ringfence.access import Committed, Difference, Overtaken, changed_since, execute
from ringfence.access.door import Beside
from ringfence.core.commands.definitions import Command
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .agreed import AGREED, mark_of
from .outcome import Outcome, previewed
from .pictured import Pictured
from .since import ChangeLine, changes_since, overtaken


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage(Page):
    """Yes or no, with the preview of yes."""

    lead: str
    """What the change means, where its title does not say it."""
    links: tuple[Link, ...]
    """Other ways to make the change."""
    question: str
    outcome: Outcome
    version: int
    since: tuple[ChangeLine, ...]
    """What others changed while the page was being read; empty for who may not read the ledger."""
    answer_error: str = ""
    submit: str
    kept: Mapping[str, str]
    """Fields that yes and no send along."""
    pictured: Pictured | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered: yes, no, or neither with the error that says why the question is asked again."""

    yes: bool = False
    no: bool = False
    error: str = ""
    since: int = 0
    """The version that the numbers were of which others have overtaken."""


def read_answer(visit: Visit, unanswered: str) -> Answer:
    """The answer that was sent, if any; `unanswered` says what to do where none was picked.

    A yes to numbers that are no longer so is none: the question is asked again.
    """
    post = visit.request.POST
    if visit.request.method != "POST":
        return Answer()
    if post.get("answer") == "no":
        return Answer(no=True)
    if post.get("answer") != "yes":
        return Answer(error=unanswered)
    version = number_in(post.get("version", ""))
    if overtaken(visit.firm_now, version):
        return Answer(error=changed_meanwhile(), since=version)
    return Answer(yes=True)


def changed_meanwhile() -> str:
    """The error of a form whose numbers others have changed."""
    return _("Something was changed in the firm while you were reading: look at the numbers again")


class _AsShown(Beside):
    """Under the firm's lock: that nobody has changed it since yes was said to what it would do."""

    def __init__(self, visit: Visit) -> None:
        self._now = visit.firm_now

    def before(self, version: int) -> None:
        # The form was held against the firm at the visit; whoever held the lock may have changed it since.
        shown = self._now.version
        if version != shown and changed_since(self._now.firm, shown):
            raise Overtaken(f"firm {self._now.firm} is no longer at version {shown}")


def execute_shown(visit: Visit, command: Command) -> Committed:
    """Carry out what yes was said to on the firm as it is at the visit, which the form was held against.

    Raises `Overtaken` where somebody was quicker than this very answer, and as `access.execute` does.
    """
    return execute(visit.firm.pk, command, actor=visit.actor, beside=_AsShown(visit))


def too_late(visit: Visit) -> Answer:
    """The answer of who was overtaken so: the question is asked again."""
    return Answer(error=changed_meanwhile(), since=visit.firm_now.version)


def ask(
    visit: Visit,
    command: Command,
    answer: Answer,
    *,
    title: str,
    question: str,
    back: str,
    lead: str = "",
    links: tuple[Link, ...] = (),
    section: str = "manage",
    kept: Mapping[str, str] | None = None,
    named: BitMap | None = None,
    pictured: Callable[[Difference], Pictured] | None = None,
) -> HttpResponse:
    """The question with what yes would do (rules.md 6). Raises `Refused` where the command would be.

    `section` is where in the navigation the page belongs; `kept` are fields that the answer sends along;
    `named`: see `previewed`; `pictured` draws the difference.
    """
    found, outcome = previewed(visit, command, named=named)
    # Somebody who shares a client may not read the ledger.
    told = answer.since and visit.can(Capability.READ_CONTROL)
    page = ConfirmPage(
        frame=frame_for(visit, section),
        title=title,
        lead=lead,
        links=links,
        question=question,
        back=back,
        errors=(ErrorLine(text=answer.error, href="#answer"),) if answer.error else (),
        outcome=outcome,
        version=found.version,
        since=changes_since(visit.firm.pk, answer.since, visit.zone) if told else (),
        answer_error=answer.error,
        submit=_("Continue"),
        kept={**(kept or {}), AGREED: mark_of(command)},
        pictured=pictured(found.difference) if pictured is not None else None,
    )
    return show(visit.request, "shared/confirm.html", page)
