"""Invitations: how far members have come on the way to signing in; sent by mail, and taken back.

A link is never told here: whoever has it becomes that member, which no token may.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Annotated

from allauth.core import ratelimit
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpResponse
from ninja import Router
from ninja.params.functions import Query
from pydantic import BaseModel, Field

from ringfence.access.door import lock
from ringfence.access.invitations import (
    InvitationStage,
    MemberInvitation,
    NotInvitable,
    invitations_of,
    invite,
    revoke,
)
from ringfence.access.ledger.seating import SEATING
from ringfence.api.caller import Caller
from ringfence.api.foretelling import foretold_answer, register_foretold
from ringfence.api.paging import ListAnswer, Pages, part_of
from ringfence.api.problems import ApiProblem, limit_answer
from ringfence.api.repeating import AnsweredBefore, Once, key_of, version_of
from ringfence.api.routes import number_in_path, read, told
from ringfence.api.writes import around, parameter
from ringfence.core.terms import Capability
from ringfence.firms.models import LedgerEntry
from ringfence.jobs.enqueue import enqueue
from ringfence.jobs.send_invitation import send_invitation
from ringfence.wording.saying import gettext as _

ROUTER = Router()
STAGE = Query(None, description="Only those who have come so far.")
HOUR = "3600"
"""Seconds."""


class InvitationAnswer(BaseModel):
    """An active member's way to signing in."""

    member: int
    stage: InvitationStage
    at: Annotated[
        datetime | None,
        Field(description="When they were invited, came in, or the invitation was taken back; else null."),
    ]
    lapses: Annotated[datetime | None, Field(description="Until when the link is good, or was.")]


@read(
    ROUTER,
    "/invitations",
    ListAnswer[InvitationAnswer],
    needs=Capability.READ_CONTROL,
    summary="How far members have come on the way to signing in",
)
def invitations_list(
    caller: Caller,
    page: Pages,
    stage: InvitationStage | None = STAGE,
) -> ListAnswer[InvitationAnswer]:
    """Of active members, by id."""
    found = {
        number: invitation
        for number, invitation in invitations_of(caller.firm, list(caller.now.active_members)).items()
        if stage is None or invitation.stage is stage
    }
    part = part_of(sorted(found), page)
    items = [_answer(number, found[number]) for number in part.numbers]
    return ListAnswer(total=part.total, items=items, next=part.next)


@read(
    ROUTER,
    "/members/{member}/invitation",
    InvitationAnswer,
    needs=Capability.READ_CONTROL,
    summary="How far a member has come",
)
def invitation_read(caller: Caller, member: int = number_in_path("member")) -> InvitationAnswer:
    """Of an active member."""
    return _found(caller, member)


def invitation_send(
    caller: Caller,
    *,
    member: int,
    preview: bool,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> HttpResponse:
    """Invite the member by mail, or anew: the link of before is void then."""
    caller.need(Capability.MANAGE)
    _found(caller, member)
    if not settings.SENDS_MAIL:
        return limit_answer(
            _("Ringfence sends no e-mail here. Invite them on their page, which shows a link.")
        )

    def send() -> None:
        if not ratelimit.consume(caller.request, action="invite", key=f"{caller.firm} {member}"):
            again = _("This [member] was invited several times. Wait an hour before you invite them again")
            raise ApiProblem("too_many", again, headers={"Retry-After": HOUR})
        invite(caller.firm, member, actor=caller.actor)
        enqueue(send_invitation, caller.firm, member)

    try:
        if preview:
            return _foretold(
                caller, member, partial(invite, caller.firm, member, actor=caller.actor), if_match
            )
        return _done(caller, "invite", member, send, if_match, idempotency_key)
    except NotInvitable as reason:
        return limit_answer(_NOT_INVITABLE[reason.stage])


def invitation_revoke(
    caller: Caller,
    *,
    member: int,
    preview: bool,
    if_match: str | None = None,
    idempotency_key: str | None = None,
) -> HttpResponse:
    """Take the invitation back: its link is void at once. Where there is none, nothing changes."""
    caller.need(Capability.MANAGE)
    _found(caller, member)

    def take_back() -> None:
        revoke(caller.firm, member, actor=caller.actor)

    if preview:
        return _foretold(caller, member, take_back, if_match)
    return _done(caller, "revoke", member, take_back, if_match, idempotency_key)


_NOT_INVITABLE = {
    InvitationStage.NO_ADDRESS: _("Enter an e-mail address for this [member] first."),
    InvitationStage.FOR_OPERATOR: _("Only whoever runs Ringfence can let them in"),
    InvitationStage.ACCEPTED: _("They have a password already and need no invitation."),
}


def _done(
    caller: Caller, what: str, member: int, do: Callable[[], None], match: str | None, key: str | None
) -> HttpResponse:
    """Do it once; the mail waits with the invitation, or neither is there."""
    said = {"invitation": what, "member": member}
    once = Once(caller, match=match or "", key=key_of(key or ""), said=said)
    repeated = once.answered() is not None
    if not repeated:
        once.need_unchanged(caller.now.version)
        try:
            with transaction.atomic():
                do()
                once.keep(said)
        except AnsweredBefore:
            repeated = True
    answer = told(caller, _found(caller, member), caller.now.version)
    if repeated:
        answer["Idempotency-Replayed"] = "true"
    return answer


def _foretold(caller: Caller, member: int, do: Callable[[], object], match: str | None) -> HttpResponse:
    """Do it, look at it and undo it."""
    version_of(match or "", caller.now)
    with transaction.atomic():
        version = lock(caller.firm).version
        do()
        stands = _found(caller, member)
        # Who gets a seat by it has an entry; that somebody was invited has none.
        written = LedgerEntry.objects.filter(firm=caller.firm, number__gt=version)
        command = written.filter(command=SEATING).values_list("command", flat=True).first()
        transaction.set_rollback(True)
    return foretold_answer(caller, stands, command=command)


def _found(caller: Caller, member: int) -> InvitationAnswer:
    if member not in caller.now.active_members:
        raise Http404
    return _answer(member, invitations_of(caller.firm, [member])[member])


def _answer(member: int, invitation: MemberInvitation) -> InvitationAnswer:
    return InvitationAnswer(member=member, stage=invitation.stage, at=invitation.at, lapses=invitation.lapses)


for _method, _asked, _summary in (
    ("POST", invitation_send, "Invite a member by mail"),
    ("DELETE", invitation_revoke, "Take an invitation back"),
):
    register_foretold(
        ROUTER,
        _method,
        "/members/{member}/invitation",
        _asked,
        answer=InvitationAnswer,
        summary=_summary,
        parameters=[parameter("member", int, number_in_path("member")), *around()],
    )
