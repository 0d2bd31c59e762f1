"""What a list that is said to be whole stands for, and what of it is gone, in phrases for a line."""

from .saying import LazyText
from .saying import gettext_lazy as _

SCOPES: dict[str, LazyText] = {
    "clients": _("all [clients] that have a client reference"),
    "service": _("all [clients] that have %(service)s"),
    "members": _("all active [members] that have an e-mail address or an external id"),
    "linked": _("all active [members] that have an external id"),
    "access": _("all access of the [groups] and [members] that it names, to [clients] and single services"),
    "places": _("everybody who is in the [groups] that it names"),
    "groups": _("the [groups] that it names, as far as the [members] in it are in them"),
}

BECOMES: dict[str, LazyText] = {
    "clients": _("[Clients] that are removed can be restored for 30 days, with who had access."),
    "service": _(
        "A service is taken off its [client]; [clients] that are removed can be restored for 30 days, with "
        "who had access."
    ),
    "members": _("[Members] are deactivated, and can be reactivated."),
    "linked": _("[Members] are deactivated, and can be reactivated."),
    "access": _("Access is taken away from those who have it."),
    "places": _("[Members] are taken out of the [groups]."),
    "groups": _("[Members] are taken out of the [groups]."),
}
"""What removing means."""

STAYS: dict[str, LazyText] = {
    "self": _("%(member)s is not in the list and stays all the same: it is you who brings the list in."),
    "last_principal": _(
        "%(member)s is not in the list and stays all the same: without them no principal would be left. Make "
        "another [member] a principal first."
    ),
    "last_administrator": _(
        "%(member)s is not in the list and stays all the same: without them nobody would be left who manages "
        "the firm. Make another [member] an administrator first."
    ),
}
"""Why a member whom the list lacks is not deactivated."""

_LAST = _("%(client)s: %(service)s, the only service, so the [client] is removed with it")


def scope_text(scope: str, service: str = "") -> str:
    """What of the firm a list stands for."""
    return str(SCOPES[scope]) % {"service": service}


def becomes_text(scope: str) -> str:
    """What becomes of what is gone, where it is removed."""
    return str(BECOMES[scope])


def why_stays(member: str, why: str) -> str:
    """Who is not deactivated although the list lacks them, and why."""
    return str(STAYS[why]) % {"member": member}


def gone_service_text(client: str, service: str, *, last: bool) -> str:
    """A service that goes, and where it is the last, the client with it."""
    if not last:
        return f"{client}: {service}"
    return str(_LAST) % {"client": client, "service": service}
