"""How far a member has come on the way to signing in, in a sentence."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from ringfence.access.invitations import InvitationStage, MemberInvitation
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import day_text


def invitation_text(invitation: MemberInvitation, zone: ZoneInfo) -> str:
    """Such as ``Invited on 29 November 2026. The link lapses on 6 December 2026``; days are the firm's."""
    days = {"day": _day(invitation.at, zone), "last": _day(invitation.lapses, zone)}
    match invitation.stage:
        case InvitationStage.NO_ADDRESS:
            return _("Has no e-mail address to sign in with")
        case InvitationStage.FOR_OPERATOR:
            return _("Only whoever runs Ringfence can let them in")
        case InvitationStage.NOT_INVITED:
            return _("Not invited yet")
        case InvitationStage.INVITED:
            return _("Invited on %(day)s. The link lapses on %(last)s") % days
        case InvitationStage.LAPSED:
            return _("Invited on %(day)s. The link lapsed on %(last)s") % days
        case InvitationStage.REVOKED:
            return _("The invitation was taken back on %(day)s") % days
        case InvitationStage.ACCEPTED:
            return _("Accepted the invitation on %(day)s") % days if invitation.at else _("Can sign in")


def _day(moment: datetime | None, zone: ZoneInfo) -> str:
    return day_text(moment.astimezone(zone)) if moment is not None else ""
