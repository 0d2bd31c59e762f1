"""The security log in words: what happened, how, and from where."""

import json

from .saying import LazyText, gettext
from .saying import gettext_lazy as _

KINDS: dict[str, LazyText] = {
    "sign_in": _("Signed in"),
    "sign_in_failed": _("Sign-in failed: wrong password"),
    "sign_in_limited": _("Sign-in stopped: too many attempts"),
    "sign_in_refused": _("Sign-in refused"),
    "second_step_failed": _("Second step failed"),
    "sign_out": _("Signed out"),
    "sessions_ended": _("Signed out everywhere else"),
    "confirmed": _("Confirmed that it is them"),
    "confirm_failed": _("Could not confirm that it is them"),
    "password_link_sent": _("Asked for a link to set a password"),
    "password_set": _("Set a password with a link"),
    "password_changed": _("Changed the password"),
    "factor_added": _("Added a way to sign in"),
    "factor_removed": _("Removed a way to sign in"),
    "codes_made": _("Made new recovery codes"),
    "code_used": _("Used a recovery code"),
    "address_asked": _("Asked for another e-mail address to sign in with"),
    "address_changed": _("Changed the e-mail address to sign in with"),
    "kept_password_used": _("Came in with the kept password"),
}
"""What happened, by `access.security_log.SecurityKind`."""

WAYS: dict[str, LazyText] = {
    "password": _("password"),
    "app": _("app with codes"),
    "code": _("recovery code"),
    "passkey": _("passkey"),
    "provider": _("the firm’s own sign-in"),
}
"""How somebody showed that it is them, or what was added: words of ``by``, ``second``, ``what``."""

WHYS: dict[str, LazyText] = {
    "no_email": _("no e-mail address was told"),
    "not_verified": _("the e-mail address is not verified"),
    "not_proved": _("the domain is not proved to be the firm’s"),
    "no_member": _("no [member] signs in with the address"),
    "taken_back": _("the invitation was taken back"),
    "another_account": _("another account there is known as the [member]"),
    "no_place": _("has no place any more"),
    "other_domain": _("not of the firm’s Workspace"),
    "inactive": _("has no place any more"),
    "network": _("from none of the firm’s networks"),
}
"""Why somebody was refused: by their firm's networks, by Ringfence, or by the firm's own sign-in, as
`access.providers.SignInFault` has it; its test shows the rest."""


def happened_text(kind: str, details: str) -> str:
    """What happened, with how: ``Signed in (password, app with codes)``. `details` is JSON, or empty."""
    words = json.loads(details) if details else {}
    if words.get("more"):
        return gettext("%(what)s, more of it than is kept one by one") % {"what": _kind(kind)}
    ways = [str(WAYS[words[name]]) for name in ("by", "second", "what") if words.get(name) in WAYS]
    if words.get("why") in WHYS:
        ways.append(str(WHYS[words["why"]]))
    return f"{_kind(kind)} ({', '.join(ways)})" if ways else _kind(kind)


def _kind(kind: str) -> str:
    return str(KINDS[kind]) if kind in KINDS else kind


def seen_from_text(address: str, browser: str, system: str) -> str:
    """Such as ``Firefox on Windows, 192.0.2.1``; empty where nothing is known."""
    both = gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return ", ".join(part for part in (both if browser and system else browser or system, address) if part)
