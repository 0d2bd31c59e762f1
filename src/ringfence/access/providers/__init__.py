"""Identity providers of firms: what is kept of them, how they are asked, and what their tokens must be.

Whom a sign-in leads to is `access.linking`; pages and redirects are the pages' matter.
"""

from .checks import CHECKS_OF, CheckFailed, SignInCheck, SignInFault
from .keeping import (
    MOST_PROVIDERS,
    StillRequired,
    TooManyProviders,
    add_provider,
    change_provider,
    forget_link,
    remove_provider,
    turn_off,
    turn_on,
)
from .kinds import ASKED, NAMES, OpenIdSettings, Protocol, ProviderKind, ProviderState, settings_from
from .reading import Provider, found_by_an_address, provider_numbered, provider_of, providers

__all__ = [
    "ASKED",
    "CHECKS_OF",
    "MOST_PROVIDERS",
    "NAMES",
    "CheckFailed",
    "OpenIdSettings",
    "Protocol",
    "Provider",
    "ProviderKind",
    "ProviderState",
    "SignInCheck",
    "SignInFault",
    "StillRequired",
    "TooManyProviders",
    "add_provider",
    "change_provider",
    "forget_link",
    "found_by_an_address",
    "provider_numbered",
    "provider_of",
    "providers",
    "remove_provider",
    "settings_from",
    "turn_off",
    "turn_on",
]
