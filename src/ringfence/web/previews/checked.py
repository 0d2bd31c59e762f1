"""The check before a change that may be several commands at once: what was chosen, what it does, yes or no.

What is saved is what was rehearsed for the very version that was shown; where others were quicker nothing is
changed, and the question is asked again. For one command alone there is `confirm.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.http import HttpResponse
from pyroaring import BitMap

from ringfence.access import Batch, ListRefused, Overtaken, rehearse, save
from ringfence.core.commands.definitions import AddMember
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Link, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import Visit

from .agreed import AGREED, chosen_otherwise, mark_of
from .confirm import Answer, changed_meanwhile
from .outcome import NameList, Outcome, clients_named, rehearsed_outcome
from .since import ChangeLine, changes_since


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """What was entered at an earlier step, a line each, and where it is changed."""

    key: str
    lines: tuple[str, ...]
    href: str = ""
    what: str = ""
    """What is changed there, for who hears the link alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckQuestion:
    """What the check asks, and what stands above the numbers."""

    title: str
    caption: str
    question: str
    back: str
    chosen_title: str = ""
    chosen: NameList | None = None
    """What the change is about, by name, with a note on each; None where the title says it."""
    facts: tuple[Entered, ...] = ()
    notes: tuple[str, ...] = ()
    """What else the change means, a sentence each."""
    change: Link | None = None
    """Where another part of the change is chosen, such as the level."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Fields that yes and no send along."""
    named: BitMap | None = None
    """Clients of which to say which of their services stay everybody's."""
    section: str = "manage"
    """Where in the navigation the page belongs."""
    leave_out: str = ""
    """The button that takes the clients off the choice that a refusal is about; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedPage(Page):
    asked: CheckQuestion
    outcome: Outcome | None
    """None where the change would be refused; the error says why."""
    refused: NameList | None = None
    """The clients that the refusal is about, where it is about some of several."""
    version: int
    since: tuple[ChangeLine, ...]
    answer_error: str = ""


def save_checked(visit: Visit, batch: Batch) -> Answer:
    """Save the change that yes was said to, as it was shown; else the answer that asks again.

    An answer with `yes` says that it is saved.
    """
    if other := chosen_otherwise(visit, *batch.commands):
        return Answer(error=other)
    version = number_in(visit.request.POST.get("version", ""))
    try:
        save(rehearse(visit.firm.pk, [batch], actor=visit.actor, version=version))
    except Overtaken:
        return Answer(error=changed_meanwhile(), since=version)
    except ListRefused as refused:
        return Answer(error=problem_sentence(refused.refused))
    return Answer(yes=True)


def ask_checked(visit: Visit, batch: Batch, answer: Answer, asked: CheckQuestion) -> HttpResponse:
    """The check with what yes would do to the firm as it is now (rules.md 6)."""
    firm, version = visit.firm.pk, visit.firm_now.version
    outcome: Outcome | None = None
    errors = [ErrorLine(text=answer.error, href="#answer")] if answer.error else []
    about: NameList | None = None
    try:
        outcome = rehearsed_outcome(
            visit,
            rehearse(firm, [batch], actor=visit.actor, version=version),
            named=asked.named,
            joining=(each.name for each in batch.commands if isinstance(each, AddMember)),
        )
    except ListRefused as refused:
        errors = [ErrorLine(text=problem_sentence(refused.refused), href="#asked")]
        # Whoever is told of a refusal by the name of a client may know of it.
        if clients := refused.refused.clients & visit.firm_now.known_clients(visit.number):
            about = clients_named(visit, clients)
    except Overtaken:
        # Somebody was quicker than this very page: the numbers of a moment ago would be no answer.
        errors = [ErrorLine(text=changed_meanwhile(), href="#asked")]
    # Somebody who shares clients may not read the ledger.
    told = answer.since and visit.can(Capability.READ_CONTROL)
    page = CheckedPage(
        frame=frame_for(visit, asked.section),
        title=asked.title,
        back=asked.back,
        errors=tuple(errors),
        asked=replace(asked, kept={**asked.kept, AGREED: mark_of(*batch.commands)}),
        outcome=outcome,
        refused=about,
        version=version,
        since=changes_since(firm, answer.since, visit.zone) if told else (),
        answer_error=answer.error if outcome is not None else "",
    )
    return show(visit.request, "shared/check.html", page)
