"""Undoing an entry: what the opposite would do, yes or no; or why it cannot be, and what stands against."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import ListRefused, Overtaken, Working, entries_numbered, save
from ringfence.access.undoing import StandsAgainst, Undoing, ask_undoing
from ringfence.web.browse.entry_lines import EntryListing, entry_lines
from ringfence.web.browse.paging import Paging
from ringfence.web.previews.checked import CheckedPage, CheckQuestion
from ringfence.web.previews.confirm import Answer, changed_meanwhile, read_answer
from ringfence.web.previews.outcome import rehearsed_outcome
from ringfence.web.previews.since import changes_since, overtaken
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.web.shell.waiting import waiting
from ringfence.wording import entry_text
from ringfence.wording.saying import gettext as _
from ringfence.wording.undoing import cannot_text, remains_text

MOST_AGAINST = 10
"""Later entries that are named as standing against it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotPage(Page):
    caption: str
    text: str
    listing: EntryListing
    """The later entries that stand against it; no line where none does."""
    more: str


def _done_elsewhere(found: Undoing) -> str:
    told = _("Undoing this turns [access control] off. That is done here, with the name of your firm.")
    if not found.changes_settings:
        return told
    return " ".join((told, _("What was set with it is changed back under Manage account, Settings.")))


@needs(Capability.MANAGE, READS_AND_SENDS)
def undo(visit: Visit, entry: int) -> HttpResponse:
    """The opposite of the entry, with its preview first (rules.md 6)."""
    back = reverse("ledger-entry", args=[visit.firm.pk, entry])
    answer = read_answer(visit, _("Select yes if you want to undo this"))
    if answer.no:
        return redirect(back)
    try:
        found = ask_undoing(visit.firm.pk, entry, actor=visit.actor)
    except StandsAgainst as against:
        return _cannot(visit, entry, back, against)
    except ListRefused as refused:
        return _page(visit, entry, back, problem_sentence(refused.refused))
    except Overtaken:
        return redirect(visit.request.path)
    if found is None:
        raise Http404
    if isinstance(found, Working):
        return waiting(visit, found, back)
    if found.turns_off:
        messages.info(visit.request, _done_elsewhere(found))
        return redirect("turn-off", firm=visit.firm.pk)
    if answer.yes and overtaken(visit.firm_now, found.rehearsal.version):
        # Somebody was quicker than this very answer.
        answer = Answer(error=changed_meanwhile(), since=visit.firm_now.version)
    if answer.yes:
        try:
            save(found.rehearsal)
        except Overtaken:
            answer = Answer(error=changed_meanwhile(), since=visit.firm_now.version)
        else:
            messages.success(visit.request, _("Entry %(entry)s is undone.") % {"entry": figure(entry)})
            return redirect("ledger", firm=visit.firm.pk)
    return _ask(visit, entry, back, answer, found)


def _title() -> str:
    return _("Undo this change")


def _what(entry: int, command: str) -> str:
    words = {"entry": figure(entry), "what": entry_text(command)}
    return _("Ledger, entry %(entry)s: %(what)s") % words


def _ask(visit: Visit, entry: int, back: str, answer: Answer, found: Undoing) -> HttpResponse:
    asked = CheckQuestion(
        title=_title(),
        caption=_what(entry, found.command),
        question=_("Do you want to undo this?"),
        back=back,
        notes=(
            _("Everything is put back as it was before this entry. What was changed since stays as it is."),
            *(remains_text(left) for left in sorted(found.left)),
        ),
    )
    page = CheckedPage(
        frame=frame_for(visit, "manage"),
        title=asked.title,
        back=back,
        errors=(ErrorLine(text=answer.error, href="#answer"),) if answer.error else (),
        asked=asked,
        outcome=replace(rehearsed_outcome(visit, found.rehearsal), removes=found.removes_clients),
        version=found.rehearsal.version,
        since=changes_since(visit.firm.pk, answer.since, visit.zone) if answer.since else (),
        answer_error=answer.error,
    )
    return show(visit.request, "shared/check.html", page)


def _cannot(visit: Visit, entry: int, back: str, against: StandsAgainst) -> HttpResponse:
    latest = list(against.later)[:MOST_AGAINST]
    more = len(against.later) - len(latest)
    return _page(
        visit,
        entry,
        back,
        cannot_text(against.why),
        latest,
        _("and %(count)s more") % {"count": figure(more)} if more > 0 else "",
    )


def _page(
    visit: Visit, entry: int, back: str, text: str, later: list[int] | None = None, more: str = ""
) -> HttpResponse:
    found = entries_numbered(visit.firm.pk, [entry])
    if not found:
        raise Http404
    lines = entry_lines(visit, entries_numbered(visit.firm.pk, later or []))
    page = CannotPage(
        frame=frame_for(visit, "manage"),
        title=_("This cannot be undone"),
        back=back,
        caption=_what(entry, found[0].command),
        text=text,
        listing=EntryListing(
            paging=Paging(total=len(lines), number=1, query={}),
            heading=_("What stands against it"),
            lines=lines,
            until=visit.firm_now.version,
        ),
        more=more,
    )
    return show(visit.request, "ledger/cannot_undo.html", page)
