"""One token, or whom it is to act for, as its pages name them."""

from __future__ import annotations

from ringfence.firms.models import Member, Token


def token_name(firm: int, number: int) -> str | None:
    """The name of one that nobody has revoked."""
    return Token.objects.filter(firm=firm, number=number, revoked=None).values_list("name", flat=True).first()


def member_of_email(firm: int, key: str) -> int | None:
    """The member whose e-mail address has this key."""
    rows = Member.objects.filter(firm=firm, email_key=key)
    return rows.values_list("number", flat=True).first() if key else None
