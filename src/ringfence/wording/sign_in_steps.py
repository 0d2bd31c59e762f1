"""What was changed in how a firm's people sign in, in a sentence: the part of `events` about sign-in."""

from ringfence.core import events as e
from ringfence.core.terms import Role, SignInStep

from .levels_and_roles import role_name
from .names_by_number import NamesByNumber
from .saying import gettext as _
from .saying import ngettext


def sign_in_noted(event: e.SignInNoted, names: NamesByNumber) -> str:
    """What was changed, without a full stop."""
    match event.did:
        case SignInStep.SECOND_STEP:
            return _second_step_asked(event)
        case SignInStep.SESSION:
            return _session_limited(event.count)
        case SignInStep.NETWORKS:
            if not event.words:
                return _("Administrators sign in from anywhere")
            networks = {"networks": ", ".join(event.words)}
            return _("Administrators sign in from these networks alone: %(networks)s") % networks
        case SignInStep.PROVIDER_REQUIRED:
            words = {"provider": "".join(event.words), "member": names.member(event.member)}
            return _("People sign in with %(provider)s alone; %(member)s keeps a password") % words
        case SignInStep.PROVIDER_NOT_REQUIRED:
            return _("People may sign in in other ways than with %(provider)s") % {
                "provider": "".join(event.words)
            }
        case SignInStep.DOMAIN_ADDED:
            text = _("The domain %(domain)s was added")
        case SignInStep.DOMAIN_PROVED:
            text = _("The domain %(domain)s was proved")
        case SignInStep.DOMAIN_LOST:
            text = _("The domain %(domain)s is no longer proved: its record was missing")
        case SignInStep.DOMAIN_REMOVED:
            text = _("The domain %(domain)s was removed")
        case SignInStep.DIRECTORY | SignInStep.DIRECTORY_CHANGED | SignInStep.DIRECTORY_REMOVED:
            return _directory_noted(event)
        case _:
            return _provider_noted(event, names)
    return text % {"domain": "".join(event.words)}


def _directory_noted(event: e.SignInNoted) -> str:
    if event.did is SignInStep.DIRECTORY_REMOVED:
        return _("No directory keeps who is in the firm")
    text = (
        _("The directory at %(server)s keeps who is in the firm, and is asked every hour")
        if event.did is SignInStep.DIRECTORY
        else _("The directory at %(server)s is asked when somebody says so")
    )
    return text % {"server": "".join(event.words)}


def _provider_noted(event: e.SignInNoted, names: NamesByNumber) -> str:
    name, *issuer = event.words
    told = {"name": name, "issuer": issuer[0] if issuer else ""}
    match event.did:
        case SignInStep.PROVIDER_ADDED:
            text = _("The identity provider “%(name)s” (%(issuer)s) was added")
        case SignInStep.PROVIDER_CHANGED:
            text = _("The identity provider “%(name)s” (%(issuer)s) was changed")
        case SignInStep.PROVIDER_ON:
            text = _("People sign in with the identity provider “%(name)s”")
        case SignInStep.PROVIDER_OFF:
            text = _("Nobody signs in with the identity provider “%(name)s” any more")
        case SignInStep.PROVIDER_REMOVED:
            text = _("The identity provider “%(name)s” was removed")
        case _:
            text = _("As whom the identity provider “%(name)s” knew %(member)s was forgotten")
            told["member"] = names.member(event.member)
    return text % told


def _second_step_asked(event: e.SignInNoted) -> str:
    if not event.words:
        return _("A second step is asked of nobody")
    roles = ", ".join(role_name(Role(word)) for word in event.words)
    if not event.count:
        return _("A second step is asked of these roles: %(roles)s") % {"roles": roles}
    text = ngettext(
        "A second step is asked of these roles, after %(days)s day: %(roles)s",
        "A second step is asked of these roles, after %(days)s days: %(roles)s",
        event.count,
    )
    return text % {"days": event.count, "roles": roles}


def _session_limited(hours: int) -> str:
    if not hours:
        return _("People stay signed in for as long as Ringfence lets them")
    text = ngettext(
        "People sign in again after %(hours)s hour", "People sign in again after %(hours)s hours", hours
    )
    return text % {"hours": hours}
