"""What is said of webhooks: what is sent, how one stands, and what is wrong with an address or an answer."""

from .saying import LazyText, gettext
from .saying import gettext_lazy as _

PARTS: dict[str, tuple[LazyText, tuple[str, ...]]] = {
    "access": (_("Who gained or lost access to which [clients]"), ("access",)),
    "clients": (_("[Clients] and their services"), ("client", "engagement", "service")),
    "members": (_("[Members] and [groups]"), ("member", "group", "user")),
    "given": (
        _("Access given and taken, emergency access, delegations, walls and requests"),
        ("grant", "delegation", "defaults", "wall", "request", "emergency", "review"),
    ),
    "opened": (_("Records opened and lists exported"), ("record", "export")),
    "firm": (
        _("Settings, [access control], tokens and webhooks"),
        (
            *("control", "settings", "firm", "entry", "token", "webhook", "names", "successor"),
            *("decision_log", "sign_in", "proof", "policy"),
        ),
    ),
}
"""What one chooses, by the value of its box: its text, and the first words of the events in it."""

STATES: dict[str, LazyText] = {
    "active": _("Active"),
    "paused": _("Paused"),
    "failed": _("Paused: nothing arrived for three days"),
    "gone": _("Paused: the receiver is gone"),
    "restored": _("Paused: the firm was restored from a backup"),
}
"""How a webhook stands, by `access.webhooks.WebhookState`."""

FAULTS: dict[str, LazyText] = {
    "name": _("The name in the address leads nowhere"),
    "private": _("The address leads into a private network, to which nothing is sent"),
    "connection": _("No connection"),
    "certificate": _("The certificate is not valid for the address"),
    "timeout": _("No answer in time"),
    "answer": _("What was answered cannot be understood"),
    "secret": _("Its secret cannot be read: the server has another secret key. Make a new secret"),
}
"""Why nothing was answered, by `access.webhooks.SendFault`."""

UNFIT: dict[str, LazyText] = {
    "malformed": _("Enter an address that begins with https://, such as https://example.com/events"),
    "secrets": _("Take the name and password out of the address: events are signed instead"),
    "not_https": _("Enter an address that begins with https://: events are sent over nothing else"),
    "private": _("Enter an address that can be reached from the internet"),
}
"""What is wrong with an address, by `access.webhooks.WhyUnfit`."""


def answered_text(status: int | None, fault: str) -> str:
    """What came of an attempt: ``Taken (204)``, ``Refused (500)`` or why nothing came."""
    if status is None:
        return str(FAULTS[fault]) if fault in FAULTS else gettext("Nothing was answered")
    told = gettext("Taken (%(status)s)") if 200 <= status < 300 else gettext("Refused (%(status)s)")
    return told % {"status": status}


def parts_text(families: frozenset[str]) -> str:
    """What is sent, in a few words."""
    if not families:
        return gettext("Everything")
    found = [str(text) for text, words in PARTS.values() if families.intersection(words)]
    return "; ".join(found)
