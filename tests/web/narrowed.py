"""A company of which one client has been narrowed, and which lets its members in in an emergency."""

from __future__ import annotations

from ringfence.core.commands.definitions import ChangeSettings, On, RemoveGrant, SetGrant, TurnOn
from ringfence.core.terms import EVERYONE, Level, group_subject, member_subject
from tests.web.cast import BAKER, CAI, Cast, do, make_cast


def narrowed() -> Cast:
    """Pike & Marlow as a company: control on, Baker & Sons for Cai, its owner, alone."""
    cast = make_cast("kyc")
    do(cast.firm, TurnOn())
    do(cast.firm, ChangeSettings(values={"emergency": "reader"}))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.OWNER))
    do(cast.firm, RemoveGrant(to=(group_subject(EVERYONE),), on=On.client(BAKER)))
    return cast
