"""Making a token: one form, and the page that shows its text this once.

The page with the text is the answer to the form. Sent once more, by a page that is loaded again, the form
makes no second token: its name is taken then.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import HttpResponse, QueryDict
from django.urls import reverse

from ringfence.access import Refused
from ringfence.access.asked_at import addresses_for
from ringfence.access.tokens import make_token
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Problem, Refusal
from ringfence.core.terms import Scope
from ringfence.web.browse.until import Until, read_until, until_of
from ringfence.web.queries.tokens import member_of_email
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.lanes import SCIM
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import showable
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _
from ringfence.wording.tokens import SCOPES

NOBODY = 0
"""The number of no member, for an address that nobody has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedToken:
    """The form as it is filled in."""

    name: str = ""
    scopes: tuple[str, ...] = ()
    email: str = ""
    addresses: str = ""
    until: Until


@dataclass(frozen=True, slots=True, kw_only=True)
class MakePage(Page):
    scopes: tuple[tuple[str, str], ...]
    wanted: WantedToken
    found: Mapping[str, str] = field(default_factory=dict)
    """Errors by the field that they are told at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePage(Page):
    name: str
    text: str
    """The token, which nobody can show again."""
    asks_at: tuple[tuple[str, str], ...] = ()
    """What the software may do, and the address at which it asks for that."""
    described: str = ""
    """Where the management API is described; empty for a token that may not use it."""
    directory: str = ""
    """Where a directory sends it; empty for a token that does not provision."""


@needs(Capability.MANAGE, READS_AND_SENDS)
def make(visit: Visit) -> HttpResponse:
    """Make a token for the visitor themselves, or one that only reads for another member."""
    if visit.request.method != "POST":
        return _form(visit, WantedToken(until=until_of(None, visit)), {})
    wanted = _read(visit, visit.request.POST)
    if found := _missing(wanted):
        return _form(visit, wanted, found)
    try:
        made = make_token(
            visit.firm.pk,
            actor=visit.actor,
            name=wanted.name,
            scopes=Scope.of(wanted.scopes),
            member=_member(visit, wanted.email),
            expires=wanted.until.expires,
            addresses=tuple(wanted.addresses.replace(",", " ").split()),
        )
    except Refused as refused:
        return _form(visit, wanted, {_FIELDS.get(refused.field, "name"): _sentence(refused)})
    scopes = Scope.of(wanted.scopes)
    page = MadePage(
        frame=frame_for(visit, "manage"),
        title=_("Copy the token now"),
        back=reverse("tokens", args=[visit.firm.pk]),
        next=reverse("tokens", args=[visit.firm.pk]),
        name=showable(wanted.name.strip()),
        text=made.text,
        asks_at=tuple((_as_choice(str(SCOPES[each])), address) for each, address in addresses_for(scopes)),
        described=reverse("api-page") if Scope.MANAGE in scopes else "",
        # A directory that is told the host by which its administrator came is told one that it may use.
        directory=visit.request.build_absolute_uri(SCIM) if Scope.PROVISION in scopes else "",
    )
    return show(visit.request, "tokens/made.html", page)


_FIELDS = {
    "token": "name",
    "scopes": "scopes",
    "member": "email",
    "expires": "until-day",
    "addresses": "addresses",
}
"""Where the refusal of an argument is told."""


def _read(visit: Visit, post: QueryDict) -> WantedToken:
    known = {scope.words[0] for scope in SCOPES}
    return WantedToken(
        name=post.get("name", ""),
        scopes=tuple(word for word in post.getlist("scopes") if word in known),
        email=post.get("email", "").strip(),
        addresses=post.get("addresses", ""),
        until=read_until(visit, post),
    )


def _missing(wanted: WantedToken) -> dict[str, str]:
    """All that the form lacks, by field; what else is wrong is the command's to say."""
    found = {}
    if not wanted.name.strip():
        found["name"] = _("Enter a name for the token")
    if not wanted.scopes:
        found["scopes"] = _("Select what the software may do")
    if wanted.until.error:
        found["until-day"] = wanted.until.error
    return found


def _member(visit: Visit, email: str) -> int | None:
    if not email:
        return visit.number
    found = member_of_email(visit.firm.pk, unique_key(email))
    return NOBODY if found is None else found


def _sentence(refused: Refused) -> str:
    match refused.refusal, refused.problem:
        case Refusal.NAME_TAKEN, _problem:
            return _("A token has this name already. If you made it just now and lost it, revoke it first")
        case _refusal, Problem.UNKNOWN_MEMBER:
            return _("No [member] has this e-mail address. Enter another one, or leave it empty for yourself")
    return problem_sentence(refused)


def _form(visit: Visit, wanted: WantedToken, found: Mapping[str, str]) -> HttpResponse:
    page = MakePage(
        frame=frame_for(visit, "manage"),
        title=_("Make a token"),
        back=reverse("tokens", args=[visit.firm.pk]),
        errors=tuple(ErrorLine(text=text, href=f"#{name}") for name, text in found.items()),
        scopes=tuple((scope.words[0], _as_choice(str(text))) for scope, text in SCOPES.items()),
        wanted=WantedToken(
            name=showable(wanted.name),
            scopes=wanted.scopes,
            email=showable(wanted.email),
            addresses=showable(wanted.addresses),
            until=wanted.until,
        ),
        found=found,
    )
    return show(visit.request, "tokens/make.html", page)


def _as_choice(text: str) -> str:
    return text[:1].upper() + text[1:]
