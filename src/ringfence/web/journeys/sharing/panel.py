"""Who has access to a client and through what; whoever may share it changes that from here (rules.md 4, 5).

Who may not share it reads as much as the firm tells: their own access, and under `named` who else has any.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse

from ringfence.access.emergencies import counting_on
from ringfence.access.ledger.requests import open_requests
from ringfence.access.reading import explained, refused_taking, refused_touching
from ringfence.core.terms import ALL_CLIENTS, EVERYONE, Level, Reason, Target, group_subject
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.digest_box import DigestBox, digest_box
from ringfence.web.browse.who_can_help import (
    Helper,
    asked_link,
    helping_administrators,
    helping_sharers,
    public_holders,
)
from ringfence.web.queries.holders import Holder, StandingGrant, standing_grants
from ringfence.web.queries.sentence_names import SentenceNames
from ringfence.web.shell.addresses import levels_to_ask, request_address
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.client_rights import client_address, mark_address
from ringfence.web.shell.levels import level_shown
from ringfence.web.shell.page import Link, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit, needs
from ringfence.wording import everybody_opens, for_member
from ringfence.wording.names_by_number import group_name
from ringfence.wording.saying import gettext as _
from ringfence.wording.standing import idle_text, opening_text
from ringfence.wording.times import until_text

from .fee_split import percent
from .views import grant_address, shares


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLine:
    """One grant that bears on the client."""

    name: str
    kind: str
    """What the holder is; empty for a single member."""
    href: str
    owner: bool
    """Whether it makes a single member the client's owner, and its level does not say so in these words."""
    level: str
    on: str
    """What it is on, where that is not this client as a whole."""
    until: str
    split: str
    notes: tuple[str, ...]
    """Why it gives nothing, and what removing it would open."""
    change: str
    """Where it is changed; this and the next are empty for who may not do it with this grant, and where that
    is done elsewhere."""
    remove: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccess:
    """What the visitor may do themselves, and where that comes from, in sentences."""

    level: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedService:
    """One service that the visitor may share where the client as a whole is not theirs to share."""

    name: str
    share: str
    """Where it is given to somebody."""
    lines: tuple[SharedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingPage(Page):
    caption: str
    own: OwnAccess | None
    """None for who cannot open the client."""
    request: Link | None
    """Where access is asked for, more of it or for longer; None for who cannot."""
    asked: Link | None
    open_to: tuple[str, ...]
    """For whom it is open besides, in sentences."""
    shared: tuple[SharedLine, ...] | None
    """Every grant, for who shares the client or reads the control side; else None."""
    services: tuple[SharedService, ...]
    splits: bool
    emergencies: tuple[str, ...]
    """Who is in by emergency access, a sentence each; without a name for who is told of nobody else."""
    holders: tuple[Holder, ...] | None
    """Groups and single members by name alone, for who is told no more; None where not even that."""
    actions: tuple[Link, ...]
    """What who shares it can do, the first of it most often."""
    requests: tuple[Link, ...]
    confidential: Link | None
    digest: DigestBox | None
    """Whether they get the daily digest of it; None for who cannot open it, or where none is sent."""
    sharers: tuple[Helper, ...]
    administrators: tuple[Helper, ...]


@needs(Capability.MEMBER)
def panel(visit: Visit, number: int) -> HttpResponse:
    """One page for all profiles, for who may know of the client; each reads what they may be told."""
    now = visit.firm_now
    if not now.knows(visit.number, number):
        raise Http404
    sharing = shares(visit, Target("client", number))
    whole = sharing or visit.can(Capability.READ_CONTROL)
    names = SentenceNames(visit.firm, [number])
    holders = None if whole else public_holders(visit, number)
    page = SharingPage(
        frame=frame_for(visit, "clients" if visit.everyday else "manage"),
        title=_("[Sharing options]"),
        caption=names.client(number),
        back=client_address(visit, number),
        row=client_pages(visit, number, "share-client"),
        own=_own(visit, number, names) if now.sees(visit.number, number) else None,
        request=_request(visit, number),
        asked=asked_link(visit, number),
        open_to=tuple(_open_to(visit, number)) if whole or holders is not None else (),
        shared=tuple(_shared(visit, number, names, sharing=sharing)) if whole else None,
        services=() if sharing else tuple(_services(visit, number, names)),
        splits=visit.settings.fee_splits,
        emergencies=tuple(_emergencies(visit, number, names, named=whole or holders is not None)),
        holders=holders,
        actions=tuple(_actions(visit, number)) if sharing else (),
        requests=tuple(_requests(visit, number, names)) if sharing else (),
        confidential=_confidential(visit, number) if sharing else None,
        digest=digest_box(visit, number, "share-client"),
        sharers=helping_sharers(visit, number) if holders is not None else (),
        administrators=() if whole else helping_administrators(visit),
    )
    return show(visit.request, "sharing/panel.html", page)


def _own(visit: Visit, client: int, names: SentenceNames) -> OwnAccess:
    """The visitor's level and where it comes from; of the services apart where they differ."""
    told: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for one in explained(visit.firm_now, visit.number, client).engagements:
        if one.decision.allowed:
            level = level_shown(one.decision.level, own=one.decision.reason is Reason.DIRECT)
            # The level, second of the lines, is said in the words of the firm's screens.
            lines = for_member(one, names, visit.settings)
            told.setdefault((level, (*lines[:1], *lines[2:])), []).append(names.service(one.service))
    if len(told) == 1:
        ((level, reasons),) = told
        return OwnAccess(level=level, reasons=reasons)
    return OwnAccess(
        level=_("It differs by service"),
        reasons=tuple(
            f"{', '.join(services)}: {level}. {' '.join(reasons)}"
            for (level, reasons), services in told.items()
        ),
    )


def _request(visit: Visit, client: int) -> Link | None:
    if not (address := request_address(visit, client)):
        return None
    now = visit.firm_now
    if not now.sees(visit.number, client):
        return Link(text=_("Request access"), href=address)
    longer = levels_to_ask(visit, client) == (now.client_level(visit.number, client),)
    return Link(text=_("Request longer access") if longer else _("Request more access"), href=address)


def _open_to(visit: Visit, client: int) -> Iterator[str]:
    """For whom the client is open without any grant on it."""
    now = visit.firm_now
    if not visit.settings.control:
        yield _("[Access control is] turned off.") + " " + everybody_opens(walls=now.walled)
        return
    everybodys = now.open_to_everybody
    given = now.unassigned
    engagements = now.engagements_of(client)
    free = [number for number in engagements if number in everybodys and number in given]
    if free and len(free) == len(engagements):
        yield _("Nobody in particular was given it, so everybody who uses client records can open it.")
    elif free:
        yield _("Some of its services were given to nobody in particular, so everybody can open those.")
    if visit.settings.administrators == "unrestricted":
        yield _("Administrators and principals can open every [client].")


def _emergencies(visit: Visit, client: int, names: SentenceNames, *, named: bool) -> Iterator[str]:
    """The visitor's own is said with their access."""
    for member, opened in sorted(counting_on(visit.firm_now, client).items()):
        if member == visit.number:
            continue
        words = {"member": names.member(member), "until": until_text(opened.expires, visit.zone)}
        if named:
            yield _("%(member)s has this [client] open in an emergency, %(until)s.") % words
        else:
            yield _("Somebody has this [client] open in an emergency, %(until)s.") % words


def _shared(visit: Visit, client: int, names: SentenceNames, *, sharing: bool) -> Iterator[SharedLine]:
    for grant in standing_grants(visit.firm_now, client, names, wide=True):
        yield _line(visit, client, grant, names, sharing=sharing)


def _services(visit: Visit, client: int, names: SentenceNames) -> Iterator[SharedService]:
    """Those of the client's services that the visitor may share, each with what was given on it alone."""
    now = visit.firm_now
    theirs = [Target("engagement", number) for number in now.engagements_of(client)]
    theirs = [target for target in theirs if shares(visit, target)]
    grants = standing_grants(now, client, names) if theirs else []
    for target in theirs:
        yield SharedService(
            name=names.service(now.service_of(target.number)),
            share=reverse("share-service-with", args=[visit.firm.pk, client, target.number]),
            lines=tuple(
                _line(visit, client, grant, names, sharing=True) for grant in grants if grant.target == target
            ),
        )


def _line(
    visit: Visit, client: int, grant: StandingGrant, names: SentenceNames, *, sharing: bool
) -> SharedLine:
    holder, now = grant.holder, visit.firm_now
    kind, number = holder.subject
    single, narrow = kind == "member", grant.target.kind in {"client", "engagement"}
    notes = [idle_text(grant.idle)] if grant.idle is not None else []
    if grant.opens:
        opened = [names.service(now.service_of(each)) for each in grant.opens]
        notes.append(opening_text(opened, whole=len(opened) == len(now.engagements_of(client))))
    change = remove = ""
    if sharing and grant.emergency:
        remove = reverse("end-emergency", args=[visit.firm.pk, client, number])
    elif sharing and narrow:
        asked = now, visit.number, holder.subject, grant.target
        if refused_touching(*asked) is None:
            change = grant_address(visit, client, grant.target, holder.subject)
        if refused_taking(*asked) is None:
            engagement = grant.target.number if grant.target.kind == "engagement" else 0
            remove = reverse("stop-sharing", args=[visit.firm.pk, client, kind, number, engagement])
    return SharedLine(
        # What it is stands beside it: its name alone says enough, also where another group bears that.
        name=group_name(EVERYONE, "") if holder.built_in else holder.name or _("a former [member]"),
        kind="" if single else _("built-in [group]") if holder.built_in else _("[group]"),
        href=_page_of(visit, kind, number),
        owner=_owns_unsaid(visit, grant),
        level=level_shown(holder.level, own=single and narrow),
        on=_("Emergency access") if grant.emergency else _on(visit, grant.target, names),
        until=until_text(grant.expires, visit.zone) if grant.expires is not None else "",
        split=percent(grant.fee_split) if grant.fee_split is not None else "",
        notes=tuple(notes),
        change=change,
        remove=remove,
    )


def _owns_unsaid(visit: Visit, grant: StandingGrant) -> bool:
    """Firms that show four levels, and those that have a word of their own for Owner, say it as the level."""
    own = grant.holder.subject.kind == "member" and grant.target.kind == "client"
    if not own or grant.holder.level is not Level.OWNER or visit.settings.levels == "four":
        return False
    return level_shown(Level.OWNER, own=True) != _("[Owner]")


def _page_of(visit: Visit, kind: str, number: int) -> str:
    """The holder's own page on the control side; empty for who does not read that."""
    return reverse(kind, args=[visit.firm.pk, number]) if visit.can(Capability.READ_CONTROL) else ""


def _on(visit: Visit, target: Target, names: SentenceNames) -> str:
    if target == ALL_CLIENTS:
        return _("All [clients]")
    if target.kind == "service":
        return _("All [clients] with the service %(service)s") % {"service": names.service(target.number)}
    return names.service(visit.firm_now.service_of(target.number)) if target.kind == "engagement" else ""


def _actions(visit: Visit, client: int) -> Iterator[Link]:
    args = [visit.firm.pk, client]
    now = visit.firm_now
    yield Link(text=_("Share with [a group] or [member]"), href=reverse("share-client-with", args=args))
    everyone = now.grants_of(group_subject(EVERYONE)).grant_on(Target("client", client))
    if everyone is None and visit.settings.everyone_may_be_granted:
        address = reverse("share-client-with-group", args=[*args, EVERYONE])
        yield Link(text=_("Share with the [whole firm]"), href=address)
    owns = now.client_level(visit.number, client) is Level.OWNER
    if owns or visit.can(Capability.MANAGE_ACCESS):
        yield Link(text=_("Add [a owner] or hand over"), href=reverse("choose-owner", args=args))


def _requests(visit: Visit, client: int, names: SentenceNames) -> Iterator[Link]:
    """Who has asked for the client and waits for an answer."""
    pairs = [pair for pair in visit.firm_now.requests if pair[0] == client]
    for each in open_requests(visit.firm.pk, pairs):
        yield Link(
            text=_("%(member)s asks for access") % {"member": names.member(each.member)},
            href=reverse("decide-request", args=[visit.firm.pk, client, each.member]),
        )


def _confidential(visit: Visit, client: int) -> Link | None:
    """Whether it is confidential, with where that is changed."""
    if not (address := mark_address(visit, client)):
        return None
    marked = client in visit.firm_now.confidential
    said = _("This [client] is confidential: change that") if marked else _("Make this [client] confidential")
    return Link(text=said, href=address)
