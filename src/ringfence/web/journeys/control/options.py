"""The two options of turning access control on: asking for access, and sharing by all who have it."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence.core.settings import PROFILES, Settings
from ringfence.web.shell.visit import Visit

SAID, REQUESTS, SHARING = "options", "requests", "sharing"
"""Fields: that options were offered at all, and the two boxes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is ticked."""

    requests: bool
    sharing: bool
    """Whether everybody who was given access to a client may share it."""

    @property
    def fields(self) -> dict[str, str]:
        """The same as fields of an address."""
        ticked = {REQUESTS: self.requests, SHARING: self.sharing}
        return {SAID: "yes", **{name: "yes" for name, on in ticked.items() if on}}


def present(settings: Settings) -> Options:
    """The options as the firm has them."""
    return Options(requests=settings.requests, sharing=settings.sharing == "anyone_with_access")


def asked_for(visit: Visit) -> Options:
    """The options that the address says; the firm's own where it says nothing of them."""
    given = visit.request.GET
    if SAID not in given:
        return present(visit.settings)
    return Options(requests=REQUESTS in given, sharing=SHARING in given)


def changes(settings: Settings, wanted: Options) -> dict[str, str | bool]:
    """The settings to change so that the options are as wanted, by their names in rules.md 3."""
    now, values = present(settings), dict[str, str | bool]()
    if wanted.requests != now.requests:
        values["requests"] = wanted.requests
    if wanted.sharing != now.sharing:
        usual = PROFILES[settings.profile].sharing
        narrower = usual if usual != "anyone_with_access" else "owners"
        values["sharing"] = "anyone_with_access" if wanted.sharing else narrower
    return values
