"""What an import would add and change, in short phrases that stand in a line for each thing."""

from .saying import LazyText
from .saying import gettext_lazy as _

CHANGES: dict[str, LazyText] = {
    "confidential": _("confidential"),
    "not_confidential": _("no longer confidential"),
    "access": _("may use client records"),
    "no_access": _("may not use client records"),
    "manage_access": _("manages access"),
    "no_manage_access": _("does not manage access"),
    "active": _("reactivated"),
    "not_active": _("deactivated"),
    "inactive": _("inactive"),
}

_NAME = _("name %(change)s")
_KIND = _("type %(change)s")
_ROLE = _("role %(change)s")
_EMAIL = _("e-mail address %(change)s")
_EXTERNAL = _("external id %(change)s")
_FIELDS = {"name": _NAME, "kind": _KIND, "role": _ROLE, "email": _EMAIL, "external": _EXTERNAL}
_GRANT = _("%(who)s on %(client)s: %(grant)s")
_PLACE = _("%(member)s in %(group)s")
_FEE_SPLIT = _("%(percent)s %% of the fee")


def change_text(code: str) -> str:
    """What somebody or something becomes: `confidential`, `deactivated`."""
    return str(CHANGES[code])


def field_change_text(field: str, change: str) -> str:
    """A name, kind or role that changes; `change` is what stood there and what will."""
    return str(_FIELDS[field]) % {"change": change}


def external_text(external: str) -> str:
    """What a new member is called by the firm's other software."""
    return str(_EXTERNAL) % {"change": external}


def grant_line(who: str, client: str, grant: str) -> str:
    """Whose access to what, and which."""
    return str(_GRANT) % {"who": who, "client": client, "grant": grant}


def place_line(member: str, group: str) -> str:
    """Who is put into which group."""
    return str(_PLACE) % {"member": member, "group": group}


def fee_split_text(percent: str) -> str:
    """A fee split in words."""
    return str(_FEE_SPLIT) % {"percent": percent}
