"""Making a firm's members and groups equal to its directory, by the plan of whole lists (decision 75).

Only members who have an external id are the directory's: whoever was invited by hand stays. One person of
whom something cannot be taken is left out and told, and holds up nobody else; where the brake holds, nothing
is taken at all.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

import msgspec

from ringfence.access import OPERATOR, Overtaken, Rehearsal, save
from ringfence.access.clock import clock
from ringfence.access.directories import KeptDirectory, LastRun, directory_of
from ringfence.access.webhooks import Network
from ringfence.core.commands import definitions as w
from ringfence.core.directory import unique_key
from ringfence.firms.models import Firm
from ringfence.firms.sealing import Unsealable
from ringfence.lists.directory.asking import Failure, WhyNoAnswer, session
from ringfence.lists.directory.directory_settings import DirectorySettings
from ringfence.lists.directory.people import (
    DirectoryHeld,
    DirectoryPerson,
    NotFollowed,
    WhyNotFollowed,
    look_up,
)
from ringfence.lists.faults import RowFault
from ringfence.lists.plans.gone_plan import Whole
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.plan_list import Prepared, plan_list
from ringfence.lists.rows.columns import Columns
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.read_list import ListSource, ReadList
from ringfence.lists.rows.typed_rows import MemberRow
from ringfence.lists.saving import RowsRefused, rehearsed
from ringfence.wording.refusals import problem_text

ATTEMPTS = 20
"""How often the firm is compared anew: because it changed meanwhile, or somebody is left out."""


class SyncStatus(StrEnum):
    """How a run ended."""

    SAVED = "saved"
    NOTHING_TO_DO = "nothing_to_do"
    DRY_RUN = "dry_run"
    BRAKED = "braked"
    """More would have been deactivated, or taken out of groups, than is believed: nothing was taken."""
    FAILED = "failed"
    """The directory did not answer as it must."""


class Synced(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one run."""

    status: SyncStatus
    failure: Failure | None = None
    encrypted_as: str = ""
    referrals: tuple[str, ...] = ()
    found: DirectoryHeld | None = None
    left_out: tuple[NotFollowed, ...] = ()
    """Who and what of the directory is not taken, and why."""
    prepared: Prepared | None = None
    """What it comes to for the firm."""
    version: int = 0

    @property
    def last(self) -> LastRun:
        """As it is kept."""
        failure, found = self.failure, self.found
        braked = self.status is SyncStatus.BRAKED and self.prepared is not None
        gone = self.prepared.gone if self.prepared is not None and braked else ()
        worst = max(gone, key=lambda each: each.going, default=None)
        return LastRun(
            at=clock(),
            status=self.status.value,
            why=failure.why.value if failure else "",
            said=failure.said[:500] if failure else "",
            about=failure.about[:300] if failure else "",
            people=len(found.people) if found else 0,
            groups=len(found.groups) if found else 0,
            left_out=len(self.left_out),
            going=worst.going if worst else 0,
            held=worst.held if worst else 0,
            version=self.version,
        )


def settings_of(kept: KeptDirectory) -> DirectorySettings:
    """How the firm's directory is asked."""
    return msgspec.convert(kept.settings, DirectorySettings)


def ask(kept: KeptDirectory, own: "tuple[Network, ...]") -> Synced:
    """What the directory holds, without a look at the firm; a `Synced` that failed where it did not answer.

    `own`: the networks beyond the internet into which administrators may have it lead.
    """
    settings = settings_of(kept)
    try:
        password = kept.password()
        with session(settings, password, own=None if kept.trusted else own) as asked:
            found = look_up(asked, settings)
            if not found.people:
                raise Failure(WhyNoAnswer.NOBODY, about=settings.people_base)
            return Synced(
                status=SyncStatus.NOTHING_TO_DO,
                encrypted_as=asked.encrypted_as,
                referrals=tuple(sorted(asked.referrals)),
                found=found,
                left_out=found.left_out,
            )
    except Unsealable:
        return Synced(
            status=SyncStatus.FAILED, failure=Failure(WhyNoAnswer.PASSWORD_LOST, about=settings.user)
        )
    except Failure as failure:
        return Synced(status=SyncStatus.FAILED, failure=failure)


def compare_and_save(
    firm: Firm,
    kept: KeptDirectory,
    answered: Synced,
    *,
    at_most: int | None = None,
    agreed: Callable[[Rehearsal], bool] = lambda _: True,
) -> Synced:
    """Make the firm equal to what was `answered`; `at_most`: so many may go, though more than a tenth.

    `agreed` is asked before anything is saved; where it says no, nothing is, and it was a dry run. Raises
    what `access.save` raises.
    """
    if answered.found is None:
        return answered
    settings = settings_of(kept)
    known = KnownFirm(firm, OPERATOR)
    asked = _Taken(answered.found, known, settings)
    whole = Whole(remove=True, at_most=at_most, linked=True)
    for _attempt in range(ATTEMPTS):
        read = asked.as_list(settings)
        prepared = plan_list(read, known, add_groups=settings.add_groups, whole=whole)
        done = msgspec.structs.replace(
            answered, prepared=prepared, left_out=(*answered.left_out, *asked.left_out)
        )
        if prepared.faults:
            asked.leave_out_faulty(prepared.faults)
            continue
        if prepared.braked:
            return msgspec.structs.replace(done, status=SyncStatus.BRAKED)
        if not prepared.commands:
            return msgspec.structs.replace(done, status=SyncStatus.NOTHING_TO_DO)
        try:
            rehearsal = rehearsed(prepared, known, reason=f"Directory {settings.host}")
            if not agreed(rehearsal):
                return msgspec.structs.replace(done, status=SyncStatus.DRY_RUN)
            version = save(rehearsal, alongside=lambda _version: _need_asked(kept))
            return msgspec.structs.replace(done, status=SyncStatus.SAVED, version=version)
        except AskedAnew:
            break
        except Overtaken:
            known = KnownFirm(firm, OPERATOR)
        except RowsRefused as error:
            if not asked.leave_out_refused(error, known):
                raise error.refused from error
    failure = Failure(WhyNoAnswer.CHANGES, about=settings.host)
    return msgspec.structs.replace(answered, status=SyncStatus.FAILED, failure=failure)


class AskedAnew(Exception):
    """The directory is another one by now, or forgotten, or was asked by somebody else meanwhile."""


def _need_asked(kept: KeptDirectory) -> None:
    """Under the firm's lock: that the answer is the last, of the directory as it is kept now."""
    now = directory_of(kept.firm)
    if now is None or now.settings != kept.settings or now.last != kept.last:
        raise AskedAnew


class _Taken:
    """Of a directory, what is taken for the firm; those of whom something cannot be are taken out of it."""

    def __init__(self, found: DirectoryHeld, known: KnownFirm, settings: DirectorySettings) -> None:
        self._found = found
        self._rows: dict[int, MemberRow] = {}
        self._spared = [_row(0, person) for person in found.spared]
        self.left_out: list[NotFollowed] = []
        groups = set(found.groups)
        if not settings.add_groups:
            held = known.groups_by_name(set(map(unique_key, groups)))
            missing = {name for name in groups if unique_key(name) not in held}
            self.left_out += [NotFollowed(name, WhyNotFollowed.NO_GROUP) for name in sorted(missing)]
            groups -= missing
        self._groups = tuple(name for name in found.groups if name in groups)
        ids = known.members_by_external({unique_key(person.external) for person in found.people})
        addresses = known.members_by_email({unique_key(person.email) for person in found.people})
        for line, person in enumerate(found.people, 1):
            is_known = unique_key(person.external) in ids or unique_key(person.email) in addresses
            if is_known or (person.email and person.name):
                self._rows[line] = _row(line, person, groups)
            else:
                why = WhyNotFollowed.BAD_NAME if person.email else WhyNotFollowed.NO_EMAIL
                self.left_out.append(NotFollowed(person.name or person.external, why))

    def as_list(self, settings: DirectorySettings) -> ReadList:
        """The rows as a list of members that was read."""
        rows = tuple(self._rows.values())
        return ReadList(
            source=_source(settings.host),
            columns=Columns(ListKind.MEMBERS, ()),
            count=len(rows),
            members=rows,
            groups=self._groups,
            spared=tuple(self._spared),
        )

    def leave_out_faulty(self, faults: tuple[RowFault, ...]) -> None:
        for fault in faults:
            self._leave_out(fault.line, fault.message)

    def leave_out_refused(self, error: RowsRefused, known: KnownFirm) -> bool:
        """Leave out what the rules refuse; False where that is nobody in particular."""
        said = problem_text(error.refused.problem)
        for line in error.lines:
            self._leave_out(line, said)
        if error.lines:
            return True
        if not isinstance(error.command, w.DeactivateMember):
            return False
        who = known.members[error.command.member]
        self.left_out.append(NotFollowed(f"{who.name} {who.email}".strip(), WhyNotFollowed.REFUSED, said))
        self._spared.append(MemberRow(0, "", who.email, external=who.external))
        return True

    def _leave_out(self, line: int, said: str) -> None:
        row = self._rows.pop(line, None)
        if row is not None:
            name = f"{row.name} {row.email}".strip()
            self.left_out.append(NotFollowed(name, WhyNotFollowed.REFUSED, said))
            self._spared.append(row)


def _row(line: int, person: DirectoryPerson, groups: Any = ()) -> MemberRow:
    kept = tuple(name for name in person.groups if name in groups)
    return MemberRow(line, person.name, person.email, external=person.external, groups=kept)


def _source(host: str) -> ListSource:
    return ListSource(
        file=host,
        encoding="",
        separator="",
        doubtful=(),
        sheet="",
        other_sheets=(),
        unheaded=(),
        hidden_rows=(),
        header_line=0,
    )
