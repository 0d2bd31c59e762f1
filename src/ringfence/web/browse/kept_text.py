"""What was typed into the form of a document and not saved: kept a day for the member who typed it alone.

It lies in the drafts of the screens, outside the ledger and the documents. Whether the member may write the
document is asked again by the form that shows it.
"""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.core.terms import Instant
from ringfence.web.queries.drafts import draft_for, drop_draft, start_draft
from ringfence.web.shell.keeping import KEEPING
from ringfence.web.shell.page import Page
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptText:
    """A title and text as they were typed, `version` being what it was to follow."""

    title: str
    text: str
    version: int
    at: Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm(Page):
    """The form of a document, for `shared/kept_form.html`."""

    title_text: str
    title_error: str = ""
    text: str
    text_error: str = ""
    version: int
    token: str
    kept: str = ""
    """When what the form holds was typed, where it was kept and not saved."""
    minutes: int
    """How long one may write before one is signed out."""


def keep_text(visit: Visit, purpose: str) -> None:
    """Keep what the form holds, in place of what was kept before."""
    post = visit.request.POST
    row = start_draft(visit.firm.pk, visit.number, purpose)
    row.values = {
        "title": showable(post.get("title", "")),
        "text": showable(post.get("text", "")),
        "version": number_in(post.get("version", "")),
    }
    row.save()


def kept_text(visit: Visit, purpose: str) -> KeptText | None:
    """What is kept, None where nothing is."""
    row = draft_for(visit.firm.pk, visit.number, purpose)
    if row is None:
        return None
    return KeptText(
        title=str(row.values.get("title", "")),
        text=str(row.values.get("text", "")),
        version=int(row.values.get("version", 0)),
        at=Instant(int(row.changed_at.timestamp() * 1_000_000)),
    )


def forget_text(visit: Visit, purpose: str) -> None:
    """Keep it no longer: it is saved, or not wanted."""
    drop_draft(visit.firm.pk, visit.number, purpose)


def sent_to_keep(visit: Visit) -> bool:
    """Whether the page itself has sent its form, for what was typed to be kept."""
    return KEEPING in visit.request.headers
