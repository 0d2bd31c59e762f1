"""What is said of identity providers: what is checked of a sign-in, what is wrong, and whom it refuses.

For administrators every fault has its own sentence. Whoever is refused is told what they can do, and nothing
of whether anybody with their address is known.
"""

from .saying import LazyText, gettext
from .saying import gettext_lazy as _

CHECKS: dict[str, LazyText] = {
    "reached": _("The provider answers"),
    "metadata": _("It says where people sign in, and where its keys are"),
    "issuer": _("It names itself as you entered it"),
    "pkce": _("It protects codes on their way (PKCE)"),
    "came_back": _("The sign-in came back from it to this browser"),
    "answer": _("Its answer can be read"),
    "status": _("It says that the sign-in succeeded"),
    "recipient": _("The answer was sent to this address"),
    "request": _("It answers a sign-in that this browser began"),
    "once": _("It is used for the first time"),
    "code": _("It gave an ID token for the code"),
    "signature": _("The ID token is signed with one of its keys"),
    "token_issuer": _("The ID token is from this provider"),
    "audience": _("The ID token is for Ringfence"),
    "time": _("The ID token counts now"),
    "nonce": _("The ID token is for this very sign-in"),
    "subject": _("The ID token says of whom it speaks"),
    "userinfo": _("What it tells of the person is about the same person"),
    "hosted_domain": _("The person belongs to your Workspace"),
    "email": _("It told an e-mail address"),
    "verified": _("The e-mail address is verified"),
    "domain": _("The address’ domain is proved to be your firm’s"),
    "member": _("The sign-in leads to [a member]"),
}
"""What is checked, in order, by `access.providers.SignInCheck`."""

FAULTS: dict[str, LazyText] = {
    "private": _(
        "%(address)s leads into a private network. Ask whoever runs Ringfence to allow it"
        " (RINGFENCE_SIGN_IN_NETWORKS)."
    ),
    "not_https": _("%(address)s does not begin with https://, and nothing is asked over anything else."),
    "name": _("The name in %(address)s leads nowhere. Look for a typing mistake."),
    "certificate": _("The certificate of %(address)s is not valid."),
    "timeout": _("%(address)s did not answer in time."),
    "connection": _("There is no connection to %(address)s, or it broke off."),
    "busy": _("Several sign-ins are waiting for the provider already. Try again in a moment."),
    "status": _("%(address)s answered with status %(status)s."),
    "too_long": _("%(address)s answered with more than can be right."),
    "no_json": _("What %(address)s answered cannot be understood."),
    "missing": _("Something is missing or not as the standard has it: %(what)s"),
    "endpoint": _("Nothing can be asked at %(address)s, which the provider names."),
    "other_issuer": _("It says “%(told)s”, but “%(entered)s” is expected, to the letter."),
    "no_pkce": _("It does not offer the method S256, which is needed."),
    "cancelled": _("The person left the sign-in at the provider."),
    "provider_says": _("The provider answered: %(error)s %(description)s"),
    "no_code": _("It came back without a code."),
    "stale": _("This browser has not begun such a sign-in, or more than ten minutes ago. Begin again."),
    "sealed": _(
        "The client secret cannot be read with this installation’s secret key. Enter the client secret again."
    ),
    "no_token": _("The answer holds no ID token."),
    "no_jwt": _("The ID token is none: it cannot be taken apart."),
    "algorithm": _("It is signed with %(algorithm)s, which proves nothing of the provider."),
    "unknown_key": _("It is signed with the key “%(key)s”, which is not among the keys that it publishes."),
    "forged": _("The signature does not fit: the token is forged or was changed."),
    "other_audience": _("It is for “%(told)s”, but the client id is “%(entered)s”."),
    "expired": _(
        "It ended %(seconds)s seconds ago. If that is not so, a clock is wrong: more than two minutes are not"
        " allowed for."
    ),
    "not_yet": _("It counts only in %(seconds)s seconds: a clock is wrong, here or there."),
    "no_time": _("It does not say from when to when it counts."),
    "other_nonce": _("It answers another sign-in than this one."),
    "no_subject": _("It names nobody (sub)."),
    "other_subject": _("What was told of the person is about somebody else."),
    "other_domain": _("It names the domain “%(told)s”, but “%(entered)s” is expected."),
    "no_email": _("There is no e-mail address in what came back. Look at which claim it is in."),
    "not_verified": _(
        "The provider does not say that %(email)s is verified. Have it say so, or say that it vouches for all"
        " addresses, if that is true."
    ),
    "not_proved": _("Nothing has proved that %(domain)s is your firm’s. Prove the domain first."),
    "no_member": _("No active [member] signs in with %(email)s. Add them, or correct their address."),
    "taken_back": _("The invitation of %(email)s was taken back. Invite them again."),
    "another_account": _(
        "The [member] with %(email)s has come by another account at the provider before. If it is the same"
        " person, have Ringfence forget that account."
    ),
    "no_place": _("The person was known here, and has no place in your firm any more."),
    "somebody_else": _("Somebody else came back."),
    "no_answer": _("What came back is no answer of SAML 2.0."),
    "unfit_answer": _("The answer is not as SAML has it: %(what)s"),
    "unasked": _(
        "It answers no request. Begin the sign-in here: what a provider begins by itself is not taken."
    ),
    "other_request": _(
        "It answers a request that this browser did not begin, began more than ten minutes ago, or that was"
        " answered already."
    ),
    "other_entity": _("It comes from another provider than “%(entered)s”."),
    "other_receiver": _("It is not meant for “%(entered)s” (Audience). Enter that at the provider."),
    "other_recipient": _(
        "It is not meant for the address %(entered)s (Recipient, Destination), or no longer. Enter that"
        " at the provider, and compare the clocks."
    ),
    "over": _("It is over already. If that is not so, compare the clocks."),
    "early": _("It counts only later: compare the clocks."),
    "unsigned": _("The assertion is not signed. Have the provider sign assertions."),
    "weak": _("It is signed with SHA-1 or another way that proves nothing. Have the provider use SHA-256."),
    "forged_answer": _(
        "The signature does not fit a certificate that is known here: it was changed, or the provider signs"
        " with a new one. In that case enter its metadata again."
    ),
    "used": _("This answer was used before. Begin the sign-in again."),
    "transient": _(
        "It names the person anew each time (a transient NameID). Have the provider send a persistent one,"
        " or the e-mail address."
    ),
    "not_installed": _("SAML is not installed here. Ask whoever runs Ringfence to install %(extra)s."),
    "not_anew": _("The provider did not say that it asked for the password again (auth_time)."),
}
"""What is wrong, for administrators, by `access.providers.SignInFault`."""

_AWAY = _(
    "%(provider)s cannot be reached at the moment. Try again in a few minutes. If it goes on, tell an"
    " administrator of %(firm)s. Whoever is signed in stays signed in."
)
_NOBODY = _(
    "Your account at %(provider)s does not open a place in %(firm)s. An administrator of %(firm)s"
    " can see why,"
    " and let you in."
)
_REFUSED: dict[str, LazyText] = {
    **dict.fromkeys(("timeout", "connection", "name", "status", "busy"), _AWAY),
    "cancelled": _("You left the sign-in at %(provider)s. You can begin again."),
    "stale": _(
        "The sign-in took too long, or was begun in another browser. Begin again; if it goes on,"
        " allow cookies"
        " for this site, or ask an administrator of %(firm)s."
    ),
    "no_email": _(
        "%(provider)s did not tell your e-mail address. An administrator of %(firm)s can change that there."
    ),
    "not_verified": _(
        "%(provider)s does not say that your e-mail address is verified. Ask whoever looks after your account"
        " there, or an administrator of %(firm)s."
    ),
    "not_proved": _(
        "Your account at %(provider)s has an e-mail address of a domain that is not known to be"
        " %(firm)s’s. Ask"
        " an administrator of %(firm)s."
    ),
    **dict.fromkeys(("no_member", "taken_back", "another_account", "no_place"), _NOBODY),
    "somebody_else": _(
        "You came back as somebody else. Sign in at %(provider)s with the account you use here."
    ),
    "not_anew": _(
        "%(provider)s did not ask for your password again. An administrator of %(firm)s can see why; you can"
        " also sign out and in again."
    ),
}
_WRONG = _(
    "What %(provider)s answered is not right, so nobody was signed in. Tell an administrator of"
    " %(firm)s: their"
    " test shows which check failed."
)


WHERE: dict[str, LazyText] = {
    "tenant": _("What is your directory (tenant) id?"),
    "okta_domain": _("What is your Okta domain?"),
    "hosted_domain": _("What is your Google Workspace domain?"),
    "realm": _("What is the address of your realm?"),
    "issuer": _("What is the issuer?"),
}
"""What is asked of each kind of provider (`access.providers.ASKED`)."""
WHERE_HINTS: dict[str, LazyText] = {
    "tenant": _("In the Entra admin centre, on the overview of your directory, for example %(example)s."),
    "okta_domain": _("It stands in the address of your admin console, for example %(example)s."),
    "hosted_domain": _(
        "The domain of your people’s accounts, for example %(example)s. Others are not let in."
    ),
    "realm": _("For example %(example)s."),
    "issuer": _("The address that your provider names as “issuer”, to the letter, for example %(example)s."),
}
WHERE_FAULTS: dict[str, LazyText] = {
    "tenant": _("Enter the directory (tenant) id, like %(example)s"),
    "okta_domain": _("Enter your Okta domain, like %(example)s"),
    "hosted_domain": _("Enter your Workspace domain, like %(example)s"),
    "realm": _("Enter an address that begins with https:// and can be reached, like %(example)s"),
    "issuer": _("Enter an address that begins with https:// and can be reached, like %(example)s"),
}
REQUIRED = _(
    "Your firm’s people sign in with this provider alone. Let them sign in with passwords again"
    " before you do this."
)


def fault_text(fault: str, values: dict[str, str]) -> str:
    """What is wrong and what to do, for an administrator."""
    return str(FAULTS[fault]) % values


def refused_text(fault: str, *, provider: str, firm: str) -> str:
    """Why somebody was not signed in and who can help, for them; it gives nothing away."""
    return str(_REFUSED.get(fault, _WRONG)) % {"provider": provider, "firm": firm}


def kind_name(kind: str, name: str = "") -> str:
    """Which provider it is."""
    return name or gettext("Another provider")


NOT_ONLY: dict[str, LazyText] = {
    "off": _("Turn this sign-in on first: nobody can use it at present"),
    "nobody_linked": _("Sign in with it yourself first: no administrator has, and all could be locked out"),
    "not_administrator": _("Select somebody who manages the firm"),
    "no_password": _("Select somebody who has a password: they set one on their own sign-in page"),
}
"""Why a provider cannot be required, by `access.sign_in_only.WhyNotOnly`."""
