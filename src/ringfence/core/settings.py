"""A firm's settings and the four profiles they start from (rules.md 3).

What a setting does is decided where it applies; this module only says which values exist.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec

from .statements import PolicyMode
from .terms import Level

OpenLevel = Literal["none", "reader", "editor", "owner"]
EmergencyHours = Annotated[int, msgspec.Meta(ge=1, le=72)]
Profile = Literal["agency", "kyc", "planning", "practice"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One firm's settings (rules.md 3). Values are the words of the rules."""

    profile: Profile = "agency"
    control: bool = False
    unassigned: OpenLevel = "editor"
    on_activation: Literal["leave", "share"] = "leave"
    creator_owns: bool = False
    owner_required: bool = False
    default_everyone: OpenLevel = "none"
    everyone_grants: Literal["yes", "with_default", "no"] = "yes"
    personal_defaults: bool = False
    levels: Literal["single", "four"] = "single"
    sharing: Literal["administrators", "owners", "anyone_with_access"] = "administrators"
    requests: bool = False
    inaccessible: Literal["hidden", "named"] = "hidden"
    administrators: Literal["as_others", "unrestricted"] = "as_others"
    delegation: bool = False
    fee_splits: bool = False
    digest: bool = False
    policy_mode: PolicyMode = "warn"
    """The mode of a new policy that states none (rules.md 10)."""
    emergency: Literal["no", "reader", "editor"] = "no"
    """The level of emergency access (rules.md 10)."""
    emergency_hours: EmergencyHours = 4

    @property
    def unassigned_level(self) -> Level:
        """The level at which unassigned clients are open; `Level.NONE` where they are closed."""
        return Level.of(self.unassigned)

    @property
    def everyone_level(self) -> Level:
        """What Everyone gets on a new client; `Level.NONE` where nothing."""
        return Level.of(self.default_everyone)

    @property
    def emergency_level(self) -> Level:
        """What a member opens a client at in an emergency; `Level.NONE` where nobody may."""
        return Level.NONE if self.emergency == "no" else Level.of(self.emergency)

    @property
    def everyone_may_be_granted(self) -> bool:
        """Whether new grants to Everyone may be made (`everyone_grants`)."""
        if self.everyone_grants == "with_default":
            return self.default_everyone != "none"
        return self.everyone_grants == "yes"


DECIDING = frozenset({"control", "unassigned", "administrators", "delegation"})
"""The settings that decide who sees what (rules.md 2); all others leave everybody's access as it is."""

PROFILES: dict[Profile, Settings] = {
    "agency": Settings(profile="agency"),
    "kyc": Settings(
        profile="kyc",
        on_activation="share",
        creator_owns=True,
        sharing="owners",
        inaccessible="named",
        digest=True,
    ),
    "planning": Settings(
        profile="planning",
        control=True,
        unassigned="none",
        creator_owns=True,
        owner_required=True,
        everyone_grants="with_default",
        levels="four",
        sharing="owners",
        administrators="unrestricted",
    ),
    "practice": Settings(
        profile="practice",
        control=True,
        sharing="anyone_with_access",
        inaccessible="named",
        delegation=True,
        fee_splits=True,
    ),
}

CHANGEABLE = tuple(name for name in Settings.__struct_fields__ if name != "control")
"""What `settings.change` may name (rules.md 7)."""


def replaced(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """The settings with exactly these values put in. Raises `msgspec.ValidationError` naming the setting."""
    return msgspec.convert({**msgspec.structs.asdict(settings), **values}, Settings)


def changed(settings: Settings, values: dict[str, Any]) -> Settings:
    """The settings with `values` put in; `profile` first puts in all of that profile's but `control`.

    Raises `msgspec.ValidationError` naming the setting where a value is not one of the rules' words.
    """
    base = settings
    if values.get("profile") in PROFILES:
        base = msgspec.structs.replace(PROFILES[values["profile"]], control=settings.control)
    return replaced(base, values)
