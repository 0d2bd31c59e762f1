"""What a list that is said to be whole stands for, and what of it is gone, in phrases for a line."""

from .saying import LazyText
from .saying import gettext_lazy as _

SCOPES: dict[str, LazyText] = {
    "clients": _("all [clients] that have a client reference"),
    "service": _("all [clients] that have %(service)s"),
    "members": _("all active [members] that have an e-mail address"),
    "access": _("all access of the [groups] and [members] that it names, to [clients] and single services"),
    "places": _("everybody who is in the [groups] that it names"),
}

BECOMES: dict[str, LazyText] = {
    "clients": _("[Clients] that are removed can be restored for 30 days, with who had access."),
    "service": _(
        "A service is taken off its [client]; [clients] that are removed can be restored for 30 days, with "
        "who had access."
    ),
    "members": _("[Members] are deactivated, and can be reactivated."),
    "access": _("Access is taken away from those who have it."),
    "places": _("[Members] are taken out of the [groups]."),
}
"""What removing means."""

_LAST = _("%(client)s: %(service)s, the only service, so the [client] is removed with it")


def scope_text(scope: str, service: str = "") -> str:
    """What of the firm a list stands for."""
    return str(SCOPES[scope]) % {"service": service}


def becomes_text(scope: str) -> str:
    """What becomes of what is gone, where it is removed."""
    return str(BECOMES[scope])


def gone_service_text(client: str, service: str, *, last: bool) -> str:
    """A service that goes, and where it is the last, the client with it."""
    if not last:
        return f"{client}: {service}"
    return str(_LAST) % {"client": client, "service": service}
