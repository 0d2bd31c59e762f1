"""The page for whoever saved later: what both changed, side by side, and which of it stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from ringfence.access.documents import Version, Written
from ringfence.access.merging import KeptSide, Merged
from ringfence.web.browse.documents import client_and_service, signed
from ringfence.web.queries.things import member_names
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in, showable
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .reading import row_of
from .saving import ChosenSides, Disputed, Typed

TITLE = "choice-title"
"""The question about the name."""
MOST = 2_000
"""Decisions that a form may hold: as many as a plan has lines."""


class Dispute(NamedTuple):
    """Lines that both changed, and what was picked for them; `field` is the name of the question."""

    field: str
    title: str
    theirs: str
    mine: str
    chosen: str
    error: str
    both: bool
    """Whether both may stay: not of two names, nor where one of the two is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePlanPage(Page):
    caption: str
    by: str
    """Who saved it, and when."""
    disputes: tuple[Dispute, ...]
    lines: int
    """How many of them are about lines of the text."""
    typed: Typed
    present: Version


def decided_in(post: QueryDict) -> ChosenSides | None:
    """What was decided on the page, None where the form comes from elsewhere."""
    if "against" not in post:
        return None
    asked = min(number_in(post.get("disputes", "")), MOST)
    sides = [_side(post, f"choice-{place}") for place in range(1, asked + 1)]
    return ChosenSides(against=number_in(post.get("against", "")), title=_side(post, TITLE), sides=sides)


def _side(post: QueryDict, field: str) -> KeptSide | None:
    given = post.get(field, "")
    return KeptSide(given) if given in set(KeptSide) else None


def decide(visit: Visit, number: int, written: Written, found: Disputed) -> HttpResponse:
    """Ask what stays. What was picked already is kept where it was picked against the same version."""
    post = visit.request.POST
    again = number_in(post.get("against", "")) == found.present.number
    before = post if again else None
    disputes = [
        *_disputes(found.title, [(TITLE, _("The name of the plan"))], before),
        *_disputes(found.text, _about_lines(len(found.text.disputes)), before),
    ]
    by = signed(visit, found.present, member_names(visit.firm.pk, [found.present.author]))
    told = [ErrorLine(text=each.error, href=f"#{each.field}") for each in disputes if each.error]
    if not again:
        meanwhile = _("Somebody saved this plan while you were writing")
        told = [ErrorLine(text=meanwhile, href=f"#{disputes[0].field}")]
    page = DecidePlanPage(
        frame=frame_for(visit, "clients"),
        title=_("Decide what stays"),
        row=row_of(visit, number),
        back=reverse("plan", args=[visit.firm.pk, number, written.id]),
        errors=tuple(told),
        caption="{}: {}".format(*client_and_service(visit, number, written.engagement)),
        by=by,
        disputes=tuple(disputes),
        lines=len(found.text.disputes),
        typed=found.typed._replace(title=showable(found.typed.title), text=showable(found.typed.text)),
        present=found.present,
    )
    return show(visit.request, "plans/decide.html", page)


def _about_lines(count: int) -> list[tuple[str, str]]:
    """The questions about lines: the field of each, and its heading."""
    if count == 1:
        return [("choice-1", _("Lines that both of you changed"))]
    title = _("Lines that both of you changed (%(number)s of %(count)s)")
    return [(f"choice-{place}", title % {"number": place, "count": count}) for place in range(1, count + 1)]


def _missing(field: str, count: int) -> str:
    """What to do where nothing was picked; `count` questions are asked of this kind."""
    if count == 1:
        return _("Select which of the two stays")
    words = {"number": field.removeprefix("choice-"), "count": count}
    return _("Select which of the two stays (%(number)s of %(count)s)") % words


def _disputes(merged: Merged, asked: Sequence[tuple[str, str]], post: QueryDict | None) -> list[Dispute]:
    """The disputes as questions; `post` has the answers where the page was shown before."""
    found = []
    for (field, title), part in zip(asked, merged.disputes, strict=False):
        chosen = _side(post, field) if post is not None else None
        missing = post is not None and chosen is None
        found.append(
            Dispute(
                field=field,
                title=title,
                theirs="\n".join(part.theirs),
                mine="\n".join(part.mine),
                chosen=chosen.value if chosen is not None else "",
                error=_missing(field, len(merged.disputes)) if missing else "",
                both=field != TITLE and bool(part.theirs and part.mine),
            )
        )
    return found
