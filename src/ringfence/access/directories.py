"""The directory of a firm: how it is asked is kept here, each change with its entry of the ledger.

Settings are plain values to this module; what they mean is `lists.directory`. The entry names the server and
holds no secret. What became of a run is kept apart from the ledger: what it changed has entries of its own.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from ringfence.access.actor import OPERATOR, Actor
from ringfence.access.firm_now import FirmNow
from ringfence.access.open_firms import open_only
from ringfence.access.sign_in_policy import note_sign_in
from ringfence.core.events import SignInNoted
from ringfence.core.terms import Instant, SignInStep
from ringfence.firms.models import FirmDirectory
from ringfence.firms.sealing import seal, unseal

PURPOSE = "directory"
WELL = ("saved", "nothing_to_do")
"""How a run ends that leaves nothing to be told."""


class LastRun(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of the directory's last run; `status` is a `lists.directory.syncing.SyncStatus`."""

    at: Instant = Instant(0)
    status: str = ""
    why: str = ""
    """Of a failure, an `asking.WhyNoAnswer`."""
    said: str = ""
    """… and what the server said."""
    about: str = ""
    people: int = 0
    groups: int = 0
    left_out: int = 0
    going: int = 0
    """How many would have gone, where the brake held …"""
    held: int = 0
    """… of how many."""
    version: int = 0
    failing_since: Instant = Instant(0)
    """Since when it has not been asked in full, or the brake has held; 0 where all is well."""


class KeptDirectory(msgspec.Struct, frozen=True, kw_only=True):
    """A firm's directory."""

    firm: int
    settings: Mapping[str, Any]
    sealed: str
    trusted: bool
    """Whether the operator named its server, which then may be in any network."""
    hourly: bool
    last: LastRun
    told: bool

    def password(self) -> str:
        """Raises `Unsealable`."""
        return unseal(self.sealed, PURPOSE) if self.sealed else ""


def directory_of(firm: int) -> KeptDirectory | None:
    """The firm's directory, where it has one."""
    row = FirmDirectory.objects.filter(firm=firm).first()
    if row is None:
        return None
    return KeptDirectory(
        firm=firm,
        settings=row.settings,
        sealed=row.password or "",
        trusted=bool(row.trusted) and row.trusted == row.settings.get("server"),
        hourly=row.hourly,
        last=msgspec.convert(row.last, LastRun),
        told=row.told,
    )


def hourly_directories() -> list[int]:
    """The firms whose directory is asked by the hour."""
    return list(
        open_only(FirmDirectory.objects.filter(hourly=True)).order_by("firm").values_list("firm", flat=True)
    )


def keep_directory(
    firm: int, settings: Mapping[str, Any], *, password: str | None, hourly: bool, actor: Actor
) -> None:
    """Keep how the directory is asked; `password` None for the one that is kept, which is its server's alone.

    Another server needs its own: the password that is kept is let go of rather than shown to it. Raises
    `Refused` where the actor may not, `FirmUnknown`, `StateUnavailable`.
    """
    server = str(settings["server"])

    def write(_now: FirmNow) -> SignInNoted:
        before = FirmDirectory.objects.filter(firm=firm).first()
        row = before or FirmDirectory(firm_id=firm)
        if password is not None:
            row.password = seal(password, PURPOSE) if password else ""
        elif row.settings.get("server") != server:
            row.password = ""
        if actor == OPERATOR:
            row.trusted = server
        if password is not None or row.settings != dict(settings):
            # What became of the last run is of what was asked before, and so is a number that was named then.
            row.last = {}
        row.settings, row.hourly, row.told = dict(settings), hourly, False
        row.save(force_insert=before is None)
        step = SignInStep.DIRECTORY if hourly else SignInStep.DIRECTORY_CHANGED
        return SignInNoted(did=step, words=(server,))

    def stands(_now: FirmNow) -> bool:
        held = FirmDirectory.objects.filter(firm=firm).first()
        return held is not None and password is None and (held.settings, held.hourly) == (settings, hourly)

    note_sign_in(firm, write, actor, unless=stands)


def forget_directory(firm: int, *, actor: Actor) -> None:
    """Forget how the directory was asked; nobody's place changes by it. Raises likewise."""

    def write(_now: FirmNow) -> SignInNoted:
        FirmDirectory.objects.filter(firm=firm).delete()
        return SignInNoted(did=SignInStep.DIRECTORY_REMOVED)

    note_sign_in(firm, write, actor, unless=lambda _: not FirmDirectory.objects.filter(firm=firm).exists())


def keep_last_run(firm: int, last: LastRun) -> LastRun:
    """Keep what became of a run, with since when none has gone well; one that has is no longer told of."""
    before = directory_of(firm)
    if last.status in WELL:
        FirmDirectory.objects.filter(firm=firm).update(last=msgspec.to_builtins(last), told=False)
        return last
    since = before.last.failing_since if before is not None and before.last.failing_since else last.at
    kept = msgspec.structs.replace(last, failing_since=since)
    FirmDirectory.objects.filter(firm=firm).update(last=msgspec.to_builtins(kept))
    return kept


def note_told(firm: int) -> bool:
    """Remember within the caller's transaction that administrators are told; whether nobody had done so."""
    return bool(FirmDirectory.objects.filter(firm=firm, told=False).update(told=True))
