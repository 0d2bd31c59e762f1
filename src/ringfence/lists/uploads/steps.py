"""The steps that a list takes in the background: looked at, checked and previewed, saved.

Each may be begun again: what it finds is taken only while its turn is the list's present one, and saving
marks the list in the very transaction that writes it. Who may see a list is for the pages to say.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import msgspec
from django.conf import settings

from ringfence.access import Actor, Overtaken, Refused, Rehearsal, changed_since, save
from ringfence.access.imported_lists import pack_file
from ringfence.firms.models import ListUpload
from ringfence.lists.faults import RowFault, TableError
from ringfence.lists.files.source import InMemory
from ringfence.lists.memory import all_kept
from ringfence.lists.plans.description import describe, line_of
from ringfence.lists.plans.gone_plan import GoneOfScope, Whole
from ringfence.lists.plans.gone_text import gone_text, stays_text
from ringfence.lists.plans.known_firm import KnownFirm
from ringfence.lists.plans.missing import missing_groups, missing_services
from ringfence.lists.plans.people_plan import refused_fault
from ringfence.lists.plans.plan_list import Prepared, plan_list
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.rows.look import look_at
from ringfence.lists.rows.read_list import ReadList, read_list
from ringfence.lists.saving import RowsRefused, keeping, refused_rows, rehearsed
from ringfence.wording.catalogue import in_language
from ringfence.wording.saying import in_words_of

from .effects import ListEffects
from .keeping import Gone, KeptList
from .rights import reader_then
from .said_before import with_what_was_said
from .stages import (
    AllFaults,
    Checked,
    Count,
    GoneFound,
    GonePart,
    ListProblem,
    Stage,
    UploadPart,
    unpacked,
)

LINES = 10
"""Additions and changes that are told each."""


def look(firm: int, upload: int, turn: int) -> None:
    """Read the first rows of a file, so that its member can say what its columns are."""
    _step(firm, upload, turn, Stage.LOOKING, _look)


def check(firm: int, upload: int, turn: int) -> None:
    """Read the list, compare it with the firm and preview it."""
    _step(firm, upload, turn, Stage.CHECKING, _check)


def write(firm: int, upload: int, turn: int) -> None:
    """Save exactly what was previewed; preview it again where the firm was changed meanwhile."""
    _step(firm, upload, turn, Stage.SAVING, _write)


def _step(firm: int, upload: int, turn: int, stage: Stage, take: Callable[[KeptList], None]) -> None:
    with all_kept(), suppress(Gone):
        take(KeptList(firm, upload, turn, stage))


def _known(kept: KeptList) -> KnownFirm:
    return KnownFirm(kept.upload.firm, Actor(kept.upload.member, kept.upload.token))


def _look(kept: KeptList) -> None:
    kept.tell("look")
    firm = _known(kept)
    try:
        services, choice = firm.services().values(), kept.choice
        found = look_at(_file(kept), ListKind(kept.upload.kind), services, choice.told, choice.shape)
    except TableError as error:
        kept.end(Stage.UNREAD, {UploadPart.CHECKED: Checked(problem=_problem(error))})
        return
    if not kept.upload.told and kept.upload.token is None:
        found = with_what_was_said(kept.upload, found)
    kept.end(Stage.COLUMNS, {UploadPart.LOOK: found})


def _file(kept: KeptList) -> InMemory:
    return InMemory(kept.upload.file, kept.part(UploadPart.FILE))


def _problem(error: TableError) -> ListProblem:
    return ListProblem(error.code, error.row, dict(error.values))


def _check(kept: KeptList) -> None:
    firm = _known(kept)
    if (read := _read(kept, firm)) is not None:
        _preview(kept, read, firm)


def _read(kept: KeptList, firm: KnownFirm) -> ReadList | None:
    """The list as its member said that it is to be read; None where it cannot be, which they are told."""
    kind, choices = ListKind(kept.upload.kind), kept.choice.choices
    try:
        return read_list(_file(kept), kind, firm.services().values(), choices, watch=kept.watch)
    except TableError as error:
        kept.end(Stage.UNREAD, {UploadPart.CHECKED: Checked(problem=_problem(error))})
        return None


def _preview(kept: KeptList, read: ReadList, firm: KnownFirm, note: str = "") -> None:
    """Compare the list with the firm and put what it would do before its member."""
    kept.tell("compare")
    try:
        _put_before(kept, read, firm, note, kept.choice.of_whole)
    except TableError as error:
        kept.end(Stage.UNREAD, {UploadPart.CHECKED: Checked(problem=_problem(error))})
    except Refused as refused:
        # Who may not say that the list is whole.
        faults = (refused_fault(read.source.header_line, refused),)
        found = Checked(rows=read.count, reader=reader_then(firm.firm_now, kept.upload.member))
        kept.end(Stage.FAULTY, _parts(found, faults, ()))


def _put_before(
    kept: KeptList, read: ReadList, firm: KnownFirm, note: str, whole: Whole | None, kept_by: str = ""
) -> None:
    """`whole`: what is said of a list that is all that the firm has; `kept_by`: why nothing of it may go."""
    prepared = _planned(kept, read, firm, whole)
    if whole is not None and prepared.braked:
        _put_before(kept, read, firm, note, msgspec.structs.replace(whole, remove=False))
        return
    checked = _checked(read, prepared, firm, kept.upload.member, kept_by)
    if prepared.faults:
        kept.end(Stage.FAULTY, _parts(checked, prepared.faults, prepared.remarks))
        return
    if not prepared.commands:
        kept.end(Stage.NOTHING, _parts(checked, (), prepared.remarks), note=note)
        return
    kept.tell("work_out")
    try:
        rehearsal = rehearsed(prepared, firm, reason=kept.upload.file)
    except RowsRefused as error:
        if whole is not None and whole.remove and not error.lines:
            stays = msgspec.structs.replace(whole, remove=False)
            _put_before(kept, read, firm, note, stays, error.refused.problem)
            return
        kept.end(Stage.FAULTY, _parts(checked, refused_rows(error), prepared.remarks))
        return
    effects = ListEffects(rehearsal, firm)
    checked = msgspec.structs.replace(
        checked, effect=effects.now(), once_on=effects.once_on(), raises=rehearsal.raises_power
    )
    kept.end(
        Stage.READY,
        _parts(checked, (), prepared.remarks),
        version=rehearsal.version,
        until=rehearsal.until,
        note=note,
    )


def _planned(kept: KeptList, read: ReadList, firm: KnownFirm, whole: Whole | None) -> Prepared:
    """The list compared with the firm, as its member chose."""
    choice = kept.choice
    shared = choice.grants(firm.firm_now)
    return plan_list(
        read,
        firm,
        add_services=choice.services,
        add_groups=choice.add_groups,
        shared=shared,
        whole=whole,
    )


def _parts(
    checked: Checked, faults: Sequence[RowFault], remarks: Sequence[RowFault]
) -> dict[UploadPart, msgspec.Struct]:
    """What was found, for the page, and all that is wrong or odd for a file."""
    return {
        UploadPart.CHECKED: checked.with_faults(faults, remarks),
        UploadPart.FAULTS: AllFaults.of([*faults, *remarks]),
    }


def _checked(read: ReadList, prepared: Prepared, firm: KnownFirm, member: int, kept_by: str) -> Checked:
    of_clients = read.columns.kind is ListKind.CLIENTS
    missing = missing_services(read, firm) if of_clients else {}
    asks = not prepared.groups and firm.may_not_manage is None
    added = set(prepared.services)
    return Checked(
        rows=read.count,
        shape=read.shape,
        gone=_gone(prepared, firm, kept_by),
        source=read.source,
        ignored=read.columns.ignored,
        missing_services=tuple(each for each in missing.items() if each[0] not in added),
        missing_groups=tuple(missing_groups(read, firm).items()) if asks else (),
        groups=prepared.groups,
        may_add_services=firm.may_not_manage is None,
        services=tuple(each for each in missing.items() if each[0] in added),
        counts=tuple(
            Count(what, len(plan.added), len(plan.changed), plan.unchanged) for what, plan in prepared.plans
        ),
        lines={code: _lines(prepared, firm, code) for code, _name in settings.LANGUAGES},
        reader=reader_then(firm.firm_now, member),
    )


def _lines(prepared: Prepared, firm: KnownFirm, language: str) -> tuple[str, ...]:
    """The first additions and changes, each with its row, as a reader of the language is told them."""
    found: list[tuple[int, Any]] = []
    for _, plan in prepared.plans:
        found += [(line_of(item), item) for item in (*plan.added[:LINES], *plan.changed[:LINES])]
    with in_language(language), in_words_of(firm.firm_now.settings):
        return tuple(
            f"{line}: {describe(item, firm.zone)}"
            for line, item in sorted(found, key=lambda each: each[0])[:LINES]
        )


def _gone(prepared: Prepared, firm: KnownFirm, kept_by: str) -> GoneFound | None:
    """What of a whole list is gone, the first of it in words."""
    whole = prepared.whole
    if whole is None or prepared.faults:
        return None
    braked = [len(each.items) for each in prepared.gone if each.braked(None)]
    return GoneFound(
        parts=tuple(
            GonePart(
                scope=each.scope,
                service=each.name,
                held=each.held,
                count=len(each.items),
                lines={code: _gone_lines(each, firm, code) for code, _name in settings.LANGUAGES},
                stays={code: _stays_lines(each, firm, code) for code, _name in settings.LANGUAGES},
            )
            for each in prepared.gone
        ),
        removed=whole.remove,
        number=max(braked, default=0),
        kept_by=kept_by,
    )


def _gone_lines(gone: GoneOfScope, firm: KnownFirm, language: str) -> tuple[str, ...]:
    with in_language(language), in_words_of(firm.firm_now.settings):
        return tuple(gone_text(item, firm.zone) for item in gone.items[:LINES])


def _stays_lines(gone: GoneOfScope, firm: KnownFirm, language: str) -> tuple[str, ...]:
    with in_language(language), in_words_of(firm.firm_now.settings):
        return tuple(stays_text(item) for item in gone.stays[:LINES])


def _write(kept: KeptList) -> None:
    firm = _known(kept)
    # The same bytes read again, in the same way, are the same rows.
    read = _read(kept, firm)
    if read is None:
        return
    if changed_since(firm.firm.pk, kept.upload.version):
        _preview(kept, read, firm, note="changed")
        return
    kept.tell("compare")
    try:
        prepared = _planned(kept, read, firm, _as_previewed(kept))
    except (TableError, Refused):
        _preview(kept, read, firm, note="changed")
        return
    if not prepared.commands:
        _preview(kept, read, firm, note="changed")
        return
    kept.tell("save")
    file = pack_file(kept.upload.kind, kept.upload.file, kept.part(UploadPart.FILE), read.count)
    try:
        rehearsal = rehearsed(prepared, firm, reason=kept.upload.file)
        _need_as_previewed(kept.upload, rehearsal)
        keep = keeping(rehearsal, file)

        def alongside(version: int) -> None:
            keep(version)
            kept.saved(version)

        save(rehearsal, alongside=alongside)
    except (Overtaken, Refused, RowsRefused):
        # Refused: the token stands no more with which it was to be saved.
        _preview(kept, read, _known(kept), note="changed")


def _as_previewed(kept: KeptList) -> Whole | None:
    """What was said of a whole list, with its removals only where they were shown."""
    whole, gone = kept.choice.of_whole, unpacked(kept.part(UploadPart.CHECKED), Checked).gone
    if whole is None or gone is None:
        return None
    return msgspec.structs.replace(whole, remove=gone.removed)


def _need_as_previewed(upload: ListUpload, rehearsal: Rehearsal) -> None:
    """Raises `Overtaken` where something on which the preview rests has expired since."""
    if rehearsal.before.now >= upload.until:
        raise Overtaken(f"the preview of list {upload.pk} is of before an expiry")
