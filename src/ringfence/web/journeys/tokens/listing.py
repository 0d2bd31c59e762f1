"""The list of a firm's tokens: what each may, for whom, until when, from where, and when it was used last."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse

from ringfence.access.listing.tokens import TokenRow, standing_tokens
from ringfence.core.directory import sort_key
from ringfence.core.terms import Instant, Scope
from ringfence.web.browse.listing import ListPage, list_page, sliced
from ringfence.web.browse.paging import Paging
from ringfence.web.browse.search import SearchForm, read_search
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext
from ringfence.wording.times import moment_text, until_text
from ringfence.wording.tokens import scopes_said


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A token in the list."""

    name: str
    beginning: str
    may: str
    member: str
    made: str
    ends: str
    used: str
    places: str
    revoke: str
    """Empty for who may not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensPage(ListPage[TokenLine]):
    make: str
    """Where one is made; empty for who may not."""
    searched: bool
    """Whether the list is long enough to be searched."""


LONG = 7
"""Tokens that need no search."""


@needs(Capability.READ_CONTROL)
def tokens(visit: Visit) -> HttpResponse:
    """The tokens that nobody has revoked, by name."""
    firm = visit.firm.pk
    search = read_search(visit, reverse("tokens", args=[firm]), _("Name of the token"))
    rows = standing_tokens(firm)
    wanted = sort_key(search.wanted.text)
    found = [each for each in rows if wanted in sort_key(each.row.name)]
    page = TokensPage(
        frame=frame_for(visit, "manage"),
        title=_("Tokens for other software"),
        back=reverse("manage", args=[firm]),
        errors=search.errors,
        listing=list_page(
            visit,
            search,
            total=len(found),
            page=sliced(found),
            lines=lambda some: [_line(visit, each) for each in some],
            heading=_heading,
            empty=_("Try a part of the name, or clear the search.")
            if search.active
            else _("No other software has a token."),
        ),
        make=reverse("make-token", args=[firm]) if visit.can(Capability.MANAGE) else "",
        searched=len(rows) > LONG,
    )
    return show(visit.request, "tokens/list.html", page)


def _line(visit: Visit, each: TokenRow) -> TokenLine:
    row, zone = each.row, visit.zone
    made = {
        "moment": moment_text(Instant(row.made), zone),
        "maker": each.maker or _("whoever runs Ringfence"),
    }
    revokes = visit.can(Capability.MANAGE) or row.member == visit.number
    return TokenLine(
        name=row.name,
        beginning=f"{row.beginning}…",
        may=scopes_said(Scope(row.scopes)),
        member=each.member or _("a former [member]"),
        made=_("%(moment)s by %(maker)s") % made,
        ends=_("Never") if row.expires is None else _ends(visit, Instant(row.expires)),
        used=_("Never used") if row.used is None else moment_text(Instant(row.used), zone),
        places=row.addresses.replace(" ", ", ") or _("Anywhere"),
        revoke=reverse("revoke-token", args=[visit.firm.pk, row.number]) if revokes else "",
    )


def _ends(visit: Visit, expires: Instant) -> str:
    if expires <= visit.firm_now.now:
        return _("Has expired")
    text = until_text(expires, visit.zone)
    return text[:1].upper() + text[1:]


def _heading(paging: Paging, search: SearchForm) -> str:
    if not paging.total:
        return _("No tokens found") if search.active else _("No tokens")
    if paging.pages == 1:
        words = ngettext("Showing %(total)s token", "Showing all %(total)s tokens", paging.total)
    else:
        words = ngettext(
            "Showing %(first)s to %(last)s of %(total)s token",
            "Showing %(first)s to %(last)s of %(total)s tokens",
            paging.total,
        )
    return words % paging.words
