"""What the token's member wants by mail: which notices, and of which clients the daily digest.

It changes nobody's access and has no entry in the ledger; each choice is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from django.http import Http404, HttpResponse
from ninja import Router
from ninja.params.functions import Body
from pydantic import BaseModel, Field, StrictBool, create_model

from ringfence.access.digest.choices import WHOLE, choose, wanted_by
from ringfence.access.digest.days import goes_out
from ringfence.access.notice_choices import CHOICES, choose_notices, chosen_by_mail
from ringfence.api.bodies import BodyPart, example
from ringfence.api.caller import Caller
from ringfence.api.foretelling import foretold_answer, register_foretold
from ringfence.api.problems import limit_answer
from ringfence.api.repeating import version_of
from ringfence.api.routes import number_in_path, read, told
from ringfence.api.writes import around, parameter
from ringfence.core.terms import Capability
from ringfence.wording.saying import gettext as _

ROUTER = Router()


class NoticesAnswer(BaseModel):
    """Which notices come by mail. All of them stand on pages, whatever is chosen."""

    by_mail: Annotated[
        dict[str, bool], Field(description=f"By name, those that are offered of: {', '.join(CHOICES)}.")
    ]


class _NoticesExample(BodyPart):
    model_config = example(requests=True, endings=False)


_FIELDS: dict[str, Any] = dict.fromkeys(CHOICES, (StrictBool | None, None))
NoticesBody: type[BodyPart] = create_model(
    "NoticesBody", __doc__="What is to be another from now on.", __base__=_NoticesExample, **_FIELDS
)


class DigestAnswer(BaseModel):
    """What the member wants of the daily digest."""

    sent: Annotated[bool, Field(description="Whether the firm's members get digests at all.")]
    wanted: bool
    left_out: Annotated[list[int], Field(description="The ids of clients of which nothing is wanted.")]


class WantedBody(BodyPart):
    """A yes or a no."""

    model_config = example(wanted=False)

    wanted: StrictBool


@read(ROUTER, "/choices/notices", NoticesAnswer, needs=Capability.MEMBER, summary="Notices wanted by mail")
def notices_chosen(caller: Caller) -> NoticesAnswer:
    """Of the token's member."""
    return NoticesAnswer(by_mail=chosen_by_mail(caller.now, caller.member))


@read(ROUTER, "/choices/digest", DigestAnswer, needs=Capability.MEMBER, summary="The daily digest wanted")
def digest_chosen(caller: Caller) -> DigestAnswer:
    """Of the token's member."""
    return _digest(caller)


def notices_choose(
    caller: Caller, *, body: BaseModel, preview: bool, if_match: str | None = None
) -> HttpResponse:
    """Have them by mail from now on, or not; what is left out stays."""
    caller.need(Capability.MEMBER)
    wanted = {name: value for name, value in body.model_dump().items() if value is not None}
    now = chosen_by_mail(caller.now, caller.member)
    if unknown := sorted(wanted.keys() - now):
        return limit_answer(_("There is no choice of %(name)s for this [member].") % {"name": unknown[0]})

    def do() -> None:
        choose_notices(caller.now, caller.member, wanted)

    return _chosen(caller, NoticesAnswer(by_mail=now | wanted), do, if_match, preview=preview)


def digest_choose(
    caller: Caller, *, body: WantedBody, preview: bool, if_match: str | None = None
) -> HttpResponse:
    """Have it sent from now on, or not."""
    caller.need(Capability.MEMBER)

    def do() -> None:
        choose(caller.firm, caller.member, wanted=body.wanted)

    stands = _digest(caller).model_copy(update={"wanted": body.wanted})
    return _chosen(caller, stands, do, if_match, preview=preview)


def digest_choose_client(
    caller: Caller, *, client: int, body: WantedBody, preview: bool, if_match: str | None = None
) -> HttpResponse:
    """Leave a client out of one's digest, or take it in again."""
    caller.need(Capability.READ_CLIENTS)
    if client == WHOLE or not caller.now.sees(caller.member, client):
        raise Http404

    def do() -> None:
        choose(caller.firm, caller.member, wanted=body.wanted, client=client)

    before = _digest(caller)
    left_out = set(before.left_out) - {client} | (set() if body.wanted else {client})
    stands = before.model_copy(update={"left_out": sorted(left_out)})
    return _chosen(caller, stands, do, if_match, preview=preview)


def _chosen(
    caller: Caller, stands: BaseModel, do: Callable[[], None], match: str | None, *, preview: bool
) -> HttpResponse:
    """Keep the choice, or say how it would stand. Made twice it is as made once, so it takes no key."""
    version_of(match or "", caller.now)
    if preview:
        return foretold_answer(caller, stands)
    do()
    return told(caller, stands, caller.now.version)


def _digest(caller: Caller) -> DigestAnswer:
    wish = wanted_by(caller.firm, caller.member)
    seen = caller.now.clients_seen_by(caller.member) if caller.may(Capability.READ_CLIENTS) else None
    left_out = [] if seen is None else list(wish.off & seen)
    return DigestAnswer(sent=goes_out(caller.now.settings), wanted=wish.whole, left_out=left_out)


for _path, _view, _answer, _body, _summary in (
    ("/choices/notices", notices_choose, NoticesAnswer, NoticesBody, "Choose which notices come by mail"),
    ("/choices/digest", digest_choose, DigestAnswer, WantedBody, "Choose whether the digest is sent"),
    (
        "/choices/digest/clients/{client}",
        digest_choose_client,
        DigestAnswer,
        WantedBody,
        "Choose whether a client is in the digest",
    ),
):
    _named = [parameter("client", int, number_in_path("client"))] if "{client}" in _path else []
    register_foretold(
        ROUTER,
        "PATCH" if _body is NoticesBody else "PUT",
        _path,
        _view,
        answer=_answer,
        summary=_summary,
        parameters=[*_named, parameter("body", _body, Body(...)), *around()[:2]],
    )
