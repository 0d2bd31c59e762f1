"""The real identity provider, one for a module, and Pike & Marlow, whose people sign in with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.identity_provider import IdentityProvider, identity_provider

if TYPE_CHECKING:
    from tests.web.cast import Cast
    from tests.web.journeys.single_sign_on.firm_provider import FirmProvider

# Imported where they are used: pytest reads this file before Django's settings are known.


@pytest.fixture(scope="module")
def peer() -> Iterator[IdentityProvider]:
    """The provider, with everybody of Pike & Marlow and a few others."""
    with identity_provider([], PEOPLE) as found:
        yield found


@pytest.fixture
def provider(cast: Cast, peer: IdentityProvider, settings: object) -> Iterator[FirmProvider]:
    """It as Pike & Marlow's, turned on; its domain is proved."""
    from tests.web.journeys.single_sign_on.firm_provider import firm_provider

    with firm_provider(cast.firm, "pike.example", peer, settings) as found:
        yield found


def _person(sub: str, email: str, **more: object) -> dict[str, object]:
    return {
        "sub": sub,
        "email": email,
        "email_verified": True,
        "name": sub.title(),
        "groups": ["Tax"],
        **more,
    }


PEOPLE = [
    _person("owen", "owen@pike.example"),
    _person("cai", "cai@pike.example"),
    _person("dilys", "dilys@pike.example"),
    _person("nobody", "nobody@pike.example"),
    _person("unsure", "enid@pike.example", email_verified=False),
    _person("silent", "", email_verified=True),
    _person("lena", "lena@larks.example"),
    _person("impostor", "cai@pike.example"),
]
