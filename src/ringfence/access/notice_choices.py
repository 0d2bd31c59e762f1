"""Which notices a member may do without by mail, in the words under which they are chosen.

The choices themselves are kept in `notices.py`; what pages call them is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.core.terms import Capability

from .firm_now import FirmNow
from .notices import NoticeKind, choose_by_mail, not_by_mail

CHOICES = {
    "requests": (NoticeKind.REQUEST_OPENED, NoticeKind.REQUEST_WAITS),
    "answers": (NoticeKind.REQUEST_ANSWERED,),
    "changes": (NoticeKind.ACCESS_CHANGED,),
    "endings": (NoticeKind.ACCESS_ENDS,),
    "reviews": (NoticeKind.REVIEW_ASKED, NoticeKind.REVIEW_DUE, NoticeKind.REVIEW_CLOSED),
    "nobody": (NoticeKind.LEFT_TO_NOBODY,),
}
"""The kinds of notices that each choice stands for."""


def offered(now: FirmNow, member: int) -> Iterator[str]:
    """The choices that the member has, in order."""
    for choice in CHOICES:
        if choice in {"requests", "answers"} and not now.settings.requests:
            continue
        if choice == "nobody" and not now.may(member, Capability.MANAGE):
            continue
        yield choice


def chosen_by_mail(now: FirmNow, member: int) -> dict[str, bool]:
    """Whether the member wants each by mail, of those that are offered."""
    unwanted = {kind for _member, kind in not_by_mail(now.firm, [member])}
    return {choice: not unwanted.issuperset(CHOICES[choice]) for choice in offered(now, member)}


def choose_notices(now: FirmNow, member: int, wanted: dict[str, bool]) -> None:
    """Keep what the member wants by mail of the choices that are `wanted`, which are offered to them."""
    chosen = {kind: by_mail for choice, by_mail in wanted.items() for kind in CHOICES[choice]}
    choose_by_mail(now.firm, member, chosen, at=now.now)
