"""Who owns a client: making somebody its owner, beside those that it has or in their place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from ringfence.access import Batch, ListRefused, Overtaken, Refused, rehearse
from ringfence.access.listing.clients import client_name_of
from ringfence.access.listing.people import ListedMember, members_matching
from ringfence.core.commands.definitions import Command, On, RemoveGrant, SetGrant
from ringfence.core.terms import Level, Target, member_subject
from ringfence.web.browse.client_pages import client_pages
from ringfence.web.browse.listing import ListPage
from ringfence.web.browse.member_lines import member_listing
from ringfence.web.browse.search import read_search
from ringfence.web.previews.checked import CheckQuestion, ask_checked, save_checked
from ringfence.web.previews.confirm import Answer, read_answer
from ringfence.web.queries.things import member_names
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.refusals import problem_sentence
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.untrusted import number_in
from ringfence.web.shell.visit import READS_AND_SENDS, Visit, needs
from ringfence.wording.saying import gettext as _

from .fee_split import (
    FIELD,
    FeeSplit,
    about_fee_split,
    explained,
    fee_split_of,
    has_fee_split,
    read_fee_split,
)
from .views import after_change, given_to, need_sharing


@dataclass(frozen=True, slots=True, kw_only=True)
class NextOwnerLine:
    """A member who could be made an owner, with what they were given on the client."""

    name: str
    email: str
    given: tuple[str, ...]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseOwnerPage(ListPage[NextOwnerLine]):
    caption: str
    instead: str
    """In whose place; empty where nobody's is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeOwnerPage(Page):
    caption: str
    owners: str
    """The present ones, by name; empty where there is none."""
    fee_split: FeeSplit | None
    """None where the firm has none."""
    fee_split_hint: str
    then: str
    then_error: str
    instead: int


@needs(Capability.MEMBER)
def choose(visit: Visit, number: int) -> HttpResponse:
    """Whom to make an owner, of the active members who use client records; in whose place, `instead` says."""
    need_sharing(visit, number)
    now, firm = visit.firm_now, visit.firm.pk
    instead = _instead(visit, number, visit.request.GET.get("instead", ""))
    here = reverse("choose-owner", args=[firm, number])
    kept = {"instead": str(instead)} if instead else None
    search = read_search(visit, here, _("[Member] by name or e-mail address"), kept=kept)
    able = [each for each in now.active_members if now.members[each].access and each != instead]
    page = ChooseOwnerPage(
        frame=frame_for(visit, "clients"),
        title=_("Who should be [a owner]?"),
        caption=client_name_of(firm, [number])[number],
        instead=member_names(firm, [instead]).get(instead, "") if instead else "",
        back=reverse("share-client", args=[firm, number]),
        row=client_pages(visit, number, "share-client"),
        errors=search.errors,
        listing=member_listing(
            visit,
            search,
            members_matching(firm, search.wanted.text, within=able),
            lines=lambda rows: _lines(visit, number, rows, instead),
        ),
    )
    return show(visit.request, "sharing/choose_owner.html", page)


def _lines(visit: Visit, client: int, rows: Sequence[ListedMember], instead: int) -> Iterator[NextOwnerLine]:
    given = given_to(visit, client, Target("client", client))
    query = f"?instead={instead}" if instead else ""
    for row in rows:
        yield NextOwnerLine(
            name=row.name,
            email=row.email,
            given=given.get(member_subject(row.number), (_("Nothing"),)),
            href=reverse("make-owner", args=[visit.firm.pk, client, row.number]) + query,
        )


def _instead(visit: Visit, client: int, text: str) -> int:
    """The owner in whose place somebody is to come; 0 for none."""
    number = number_in(text)
    return number if number in _owners(visit, client) else 0


def _owners(visit: Visit, client: int) -> tuple[int, ...]:
    """The members whose own grant on the client is Owner, also where it gives nothing at present."""
    return tuple(
        held.subject.number
        for held in visit.firm_now.holders_of(client)
        if held.subject.kind == "member"
        and held.target == Target("client", client)
        and held.terms.level is Level.OWNER
    )


@needs(Capability.MEMBER, READS_AND_SENDS)
def make(visit: Visit, number: int, member: int) -> HttpResponse:
    """Make the member an owner for good; what becomes of the present ones is asked, and all is one change."""
    need_sharing(visit, number)
    now, firm, post = visit.firm_now, visit.firm.pk, visit.request.POST
    if member not in now.members:
        raise Http404
    sent = post if visit.request.method == "POST" else visit.request.GET
    instead = _instead(visit, number, sent.get("instead", ""))
    others = tuple(each for each in ([instead] if instead else _owners(visit, number)) if each != member)
    name = member_names(firm, [member]).get(member, "")
    form = partial(_form, visit, number, member, name=name, others=others, instead=instead)
    split = _split(visit, number, member)
    if visit.request.method != "POST" and (others or split is not None):
        return form(split=split)
    then = post.get("then", "keep" if not others else "")
    if then not in ("keep", "lower", "remove"):
        return form(split=split, unanswered=True)
    if split is not None and split.error:
        return form(split=split)
    batch = Batch("grant.set", tuple(_commands(visit, number, member, others, then, split)))
    if split is not None and (refused := _refused_split(visit, batch)):
        return form(split=replace(split, error=problem_sentence(refused)))
    answer = Answer()
    if "version" in post:
        answer = read_answer(visit, _("Select yes if you want to make this change"))
    back = reverse("share-client", args=[firm, number])
    if answer.no:
        return redirect(back)
    if answer.yes:
        answer = save_checked(visit, batch)
        if answer.yes:
            messages.success(visit.request, _("%(name)s is [a owner] now.") % {"name": name})
            return after_change(visit, number)
    asked = CheckQuestion(
        title=_("Make %(name)s [a owner]") % {"name": name},
        caption=client_name_of(firm, [number])[number],
        question=_("Do you want to make this change?"),
        back=back,
        kept={
            "then": then,
            "instead": str(instead or ""),
            **({FIELD: split.text} if split is not None else {}),
        },
    )
    return ask_checked(visit, batch, answer, asked)


def _split(visit: Visit, client: int, member: int) -> FeeSplit | None:
    """The fee split as it was typed, else the one that stands; None where the firm has none."""
    subject = member_subject(member)
    if not has_fee_split(visit, subject):
        return None
    typed = visit.request.POST.get(FIELD)
    return fee_split_of(visit, client, subject) if typed is None else read_fee_split(typed)


def _refused_split(visit: Visit, batch: Batch) -> Refused | None:
    """How the change is refused for its fee split, so that it can be put right where it was typed."""
    try:
        rehearse(visit.firm.pk, [batch], actor=visit.actor, version=visit.firm_now.version)
    except ListRefused as refused:
        return refused.refused if about_fee_split(refused.refused) else None
    except Overtaken:
        # The check says so.
        return None
    return None


def _commands(
    visit: Visit, client: int, member: int, others: Sequence[int], then: str, split: FeeSplit | None
) -> Iterator[Command]:
    on, now = On.client(client), visit.firm_now
    splits = visit.settings.fee_splits
    yield SetGrant(
        to=(member_subject(member),),
        on=on,
        level=Level.OWNER,
        fee_split=split.hundredths if split is not None else None,
    )
    for other in others:
        if then == "remove":
            yield RemoveGrant(to=(member_subject(other),), on=on)
        elif then == "lower":
            terms = now.grants_of(member_subject(other)).grant_on(Target("client", client))
            yield SetGrant(
                to=(member_subject(other),),
                on=on,
                level=Level.EDITOR,
                expires=terms.expires if terms is not None else None,
                fee_split=terms.fee_split if terms is not None and splits else None,
            )


def _form(
    visit: Visit,
    client: int,
    member: int,
    *,
    name: str,
    others: Sequence[int],
    instead: int,
    split: FeeSplit | None,
    unanswered: bool = False,
) -> HttpResponse:
    names = member_names(visit.firm.pk, others)
    owners = ", ".join(names.get(each) or _("a former [member]") for each in others)
    then_error = _("Select what becomes of %(names)s") % {"names": owners} if unanswered else ""
    errors = split.errors if split is not None else ()
    if then_error:
        errors = (*errors, ErrorLine(text=then_error, href="#then"))
    page = MakeOwnerPage(
        frame=frame_for(visit, "clients"),
        title=_("Make %(name)s [a owner]") % {"name": name},
        caption=client_name_of(visit.firm.pk, [client])[client],
        back=reverse("choose-owner", args=[visit.firm.pk, client]),
        row=client_pages(visit, client, "share-client"),
        errors=errors,
        fee_split=split,
        fee_split_hint=explained(visit, client, member_subject(member)) if split is not None else "",
        owners=owners,
        then=visit.request.POST.get("then", ""),
        then_error=then_error,
        instead=instead,
    )
    return show(visit.request, "sharing/make_owner.html", page)
