"""What is said of emergency access: what happened to it, as the ledger tells it (rules.md 10)."""

from ringfence.core import events as e

from .levels_and_roles import level_name
from .names_by_number import NamesByNumber
from .saying import gettext as _


def emergency_opened(event: e.EmergencyOpened, names: NamesByNumber) -> str:
    return _("%(member)s opened %(client)s in an emergency: %(level)s, %(until)s") % {
        "member": names.member(event.member),
        "client": names.client(event.client),
        "level": level_name(event.level),
        "until": names.until(event.expires),
    }


def emergency_ended(event: e.EmergencyEnded, names: NamesByNumber) -> str:
    return _("%(member)s’s emergency access to %(client)s ended") % _who(event, names)


def emergency_acknowledged(event: e.EmergencyAcknowledged, names: NamesByNumber) -> str:
    return _("%(member)s’s emergency access to %(client)s was acknowledged") % _who(event, names)


def _who(event: e.EmergencyEnded | e.EmergencyAcknowledged, names: NamesByNumber) -> dict[str, str]:
    return {"member": names.member(event.member), "client": names.client(event.client)}
