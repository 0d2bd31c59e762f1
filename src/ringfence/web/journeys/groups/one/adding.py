"""What a group may do with what is being added to it, and until when: as most of it, or as is chosen."""

from __future__ import annotations

from functools import cached_property

from django.http import HttpResponse
from django.shortcuts import redirect

from ringfence.core.terms import GIVING, Instant, Level
from ringfence.web.browse.until import until_of
from ringfence.web.queries.group_parts import terms_of
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link
from ringfence.web.shell.visit import READS_AND_SENDS, Guarded, Visit, needs
from ringfence.wording.saying import four_levels
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

from .group import group_at
from .picking import Picking
from .terms import Terms, read_terms, terms_page


class Adding(Picking):
    """A choosing that gives something to the group."""

    @cached_property
    def given(self) -> tuple[Level, Instant | None]:
        """The level and the end that what is added gets."""
        values = self.draft.values if self.draft is not None else {}
        chosen = next((level for level in GIVING if level.word == values.get("level")), None)
        if chosen is None:
            return terms_of(self.visit.firm_now, self.group.number)
        ends = values.get("expires")
        return chosen, Instant(ends) if isinstance(ends, int) else None

    def given_text(self) -> str:
        """The same in a sentence, empty where there is nothing to say: the one level, and no end."""
        level, expires = self.given
        said = [level_shown(level)] if four_levels() or level is not Level.EDITOR else []
        said += [until_text(expires, self.visit.zone)] if expires is not None else []
        return _("What is added gets: %(terms)s.") % {"terms": ", ".join(said)} if said else ""

    def notes(self, chosen: object) -> tuple[str, ...]:
        said = self.given_text()
        return (said,) if said else ()

    def change(self) -> Link:
        text = _("Change what they may do, or until when") if four_levels() else _("Change until when")
        return Link(text=text, href=self.group.address(f"{self.route}-terms"))


def adding_terms(kind: type[Adding]) -> Guarded:
    """The view on which another level or end is chosen for what is being added."""

    @needs(Capability.MANAGE, READS_AND_SENDS)
    def view(visit: Visit, number: int) -> HttpResponse:
        picking = kind(group_at(visit, number))
        check = picking.group.address(f"{kind.route}-check")
        if picking.draft is None or not picking.chosen:
            return redirect(picking.group.address(kind.route))
        level, expires = picking.given
        if visit.request.method != "POST":
            return _page(picking, Terms(level=level, until=until_of(expires, visit)))
        terms = read_terms(visit, level, expires, GIVING)
        if terms.level is None or terms.until.error:
            return _page(picking, terms)
        picking.draft.values = {"level": terms.level.word, "expires": terms.until.expires}
        picking.draft.save()
        return redirect(check)

    return view


def _page(picking: Adding, terms: Terms) -> HttpResponse:
    return terms_page(
        picking.group,
        terms,
        part=picking.texts.chosen,
        back=picking.group.address(f"{picking.route}-check"),
        offered=GIVING,
    )
