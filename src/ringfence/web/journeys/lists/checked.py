"""A list that was compared with the firm and can be saved: what it would do, and the press that saves it.

What stands in its rows is for its member alone: tax references are whole there (rules.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.urls import reverse

from ringfence.firms.models import ListUpload
from ringfence.lists.rows.headers import ListKind
from ringfence.lists.uploads.stages import (
    BothSides,
    Checked,
    Clients,
    Effect,
    MovedLevel,
    MovedMember,
    People,
    Stage,
    UploadPart,
)
from ringfence.web.browse.grantees import GranteeRow
from ringfence.web.previews.outcome import (
    FIRST,
    NO_NAMES,
    NameList,
    Outcome,
    closing,
    opening,
    rest_words,
)
from ringfence.web.shell.capability import Capability
from ringfence.web.shell.figures import count_clients, count_services, figure
from ringfence.web.shell.page import ErrorLine, Page
from ringfence.web.shell.render import frame_for, show
from ringfence.web.shell.visit import Visit
from ringfence.wording.both_sides import both_sides_sentence, still_closed_sentence
from ringfence.wording.catalogue import language_spoken
from ringfence.wording.levels_and_roles import at_another_level
from ringfence.wording.list_progress import counted_text, note_on_list
from ringfence.wording.list_shapes import read_as_text
from ringfence.wording.policy_sentences import MODES
from ringfence.wording.saying import gettext as _
from ringfence.wording.saying import ngettext

from .access import left_out_defaults, may_choose, shared_grants, shared_rows
from .fault_lines import FaultLines, fault_lines
from .faulty import NONE, FileLink, MissingService, fault_files, first_missing
from .found import part_of
from .gone import GoneShown, gone_shown
from .how_read import reading_notes


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage(Page):
    file: str
    mine: bool
    turn: int
    note: str
    counts: tuple[tuple[str, str, str, str], ...]
    how: tuple[str, ...]
    """How the file was read, in sentences; for its member alone."""
    services: tuple[MissingService, ...]
    """The first of those that are added with it."""
    more_services: str
    lines: tuple[str, ...]
    remarks: FaultLines
    downloads: tuple[FileLink, ...]
    given: tuple[GranteeRow, ...]
    """What each new client starts with; shown to whose list it is."""
    left_out: tuple[str, ...]
    """Defaults of the member's own that they could not give on the new clients."""
    gives: bool
    """Whether the list can add clients."""
    change_given: str
    """Where that is changed; empty for who may not."""
    outcome: Outcome
    shape: str
    """As whose list it was read, in a sentence; empty for any other list."""
    gone: GoneShown | None
    """Of a list that is all that the firm has."""
    groups: tuple[str, ...]
    """The first of the groups that are created with it."""
    more_groups: str
    saves: bool
    """Whether there is anything to save."""


def preview_page(
    visit: Visit, upload: ListUpload, *, mine: bool, errors: tuple[ErrorLine, ...] = ()
) -> HttpResponse:
    """What the list would do (rules.md 6), and the press that saves it."""
    checked = part_of(upload, UploadPart.CHECKED, Checked)
    services, more_services = first_missing(checked.services)
    groups, more_groups = first_missing([(name, 0) for name in checked.groups])
    page = PreviewPage(
        frame=frame_for(visit, "manage"),
        title=_("Check what the list does"),
        back=reverse("lists", args=[visit.firm.pk]),
        errors=errors,
        shape=read_as_text(checked.shape) if checked.shape else "",
        gone=gone_shown(checked, mine=mine, error=errors[0].text if errors else ""),
        groups=tuple(each.name for each in groups),
        more_groups=more_groups,
        saves=upload.stage == Stage.READY,
        file=upload.file,
        mine=mine,
        turn=upload.turn,
        note=note_on_list(upload.note) if upload.note else "",
        counts=tuple(
            (counted_text(each.what), figure(each.added), figure(each.changed), figure(each.unchanged))
            for each in checked.counts
        ),
        how=reading_notes(checked) if mine else (),
        services=services,
        more_services=more_services,
        lines=checked.lines.get(language_spoken(), ()) if mine else (),
        remarks=fault_lines(checked.remarks, checked.kinds[1]) if mine else NONE,
        downloads=fault_files(visit, upload) if mine and checked.remarks else (),
        outcome=_outcome(visit, checked),
        given=_given(visit, upload, checked) if mine else (),
        left_out=left_out_defaults(visit, upload) if mine and upload.kind == ListKind.CLIENTS else (),
        gives=mine and upload.kind == ListKind.CLIENTS,
        change_given=reverse("list-access", args=[visit.firm.pk, upload.pk])
        if mine and may_choose(visit)
        else "",
    )
    return show(visit.request, "lists/preview.html", page)


def _given(visit: Visit, upload: ListUpload, checked: Checked) -> tuple[GranteeRow, ...]:
    """What each new client of a list starts with, but for what its own row says."""
    clients = next((each.added for each in checked.counts if each.what == "clients"), 0)
    if upload.kind != ListKind.CLIENTS or not clients:
        return ()
    return shared_rows(visit, shared_grants(visit, upload))


# --- The effect as every preview shows it


def _outcome(visit: Visit, checked: Checked) -> Outcome:
    now = _of(visit, checked.effect)
    later = None if checked.once_on is None else _of(visit, checked.once_on)
    if later is None or later.nothing:
        return now
    return replace(now, same_later=True) if later.moves == now.moves else replace(now, later=later)


def _of(visit: Visit, effect: Effect) -> Outcome:
    gains, loses, changes = (_people(visit, each) for each in (effect.gains, effect.loses, effect.changes))
    # Whoever shares a client may not know of walls (rules.md 9, knowing).
    walled_off = effect.walled_off if visit.can(Capability.READ_CONTROL) else Clients()
    return Outcome(
        gains=gains,
        loses=loses,
        changes=changes,
        opens=_clients(effect.opens),
        closes=_clients(effect.closes),
        figures=(
            (ngettext("[member] gains access", "[members] gain access", gains.total), gains.total),
            (ngettext("[member] loses access", "[members] lose access", loses.total), loses.total),
            (
                ngettext("[member]’s access changes", "[members]’ access changes", changes.total),
                changes.total,
            ),
            *closing(effect.closes.total, effect.closes.partly),
            *opening(effect.opens.total, effect.opens.partly),
        ),
        shared=effect.shared,
        without_owner=_clients(effect.ownerless),
        owners_walled_off=_clients(walled_off),
        left_to_nobody=_clients(effect.left_to_nobody),
        breaks=_broken(visit, effect.breaks),
        self_access=effect.self_access,
        both_sides=_both_sides(visit, effect.both_sides),
    )


def _broken(visit: Visit, breaks: tuple[tuple[str, str], ...]) -> NameList:
    """Policies by name, for who reads the control side; else their number alone."""
    named = breaks if visit.can(Capability.READ_CONTROL) else ()
    lines = tuple((name, str(MODES[mode])) for name, mode in named[:FIRST])
    return NameList(total=len(breaks), lines=lines, rest=rest_words(len(named)))


def _both_sides(visit: Visit, found: BothSides) -> NameList:
    """As `PreviewNames.both_sides` says it of one change; walls for who may know of them."""
    if not visit.can(Capability.READ_CONTROL):
        lines = tuple((still_closed_sentence(name), "") for name in found.names)
        total, count = found.kept_out, _("What stays closed all the same")
    else:
        lines = tuple(
            (
                both_sides_sentence(
                    each.road,
                    member=each.member,
                    wall=each.wall,
                    by=each.by,
                    clients=each.clients,
                    count=each.count,
                ),
                "",
            )
            for each in found.first
        )
        total, count = found.total, _("Both sides of a wall")
    return NameList(total=total, lines=lines, rest=rest_words(total), count=count)


def _people(visit: Visit, people: People) -> NameList:
    if not people.total:
        return NO_NAMES
    lines = tuple(
        (
            _("%(member)s (you)") % {"member": each.name} if each.number == visit.number else each.name,
            _moved(each),
        )
        for each in people.first
    )
    return NameList(total=people.total, lines=lines, rest=rest_words(people.total))


def _moved(moved: MovedMember) -> str:
    """What of a person is moved, with the levels before and after where these alone are others."""
    if not moved.levels:
        return _what(moved)
    return ", ".join(at_another_level(_what(each), each.before, each.after) for each in moved.levels)


def _what(moved: MovedMember | MovedLevel) -> str:
    """What of a person is moved: named where it is little, else counted."""
    if moved.clients:
        return ", ".join(f"{name} ({services})" if services else name for name, services in moved.clients)
    if isinstance(moved, MovedMember) and moved.whole == moved.count:
        return count_clients(moved.count)
    return count_services(moved.services, moved.count)


def _clients(clients: Clients) -> NameList:
    return NameList(total=clients.total, lines=clients.first, rest=rest_words(clients.total))
