"""`group.*` (rules.md 5, 7)."""

from msgspec import UNSET
from pyroaring import BitMap

from ringfence.core import events as e
from ringfence.core.refusals import Problem, conflict, invalid
from ringfence.core.terms import (
    EVERYONE,
    Subject,
    Thing,
    group_subject,
)
from ringfence.core.texts import EXTERNAL, GROUP_NAME, clean, clean_optional
from ringfence.core.values import GrantTerms

from . import definitions as w
from .context import Context
from .grants import (
    need_level,
    need_may_share,
    need_services,
    need_targets_known,
    set_events,
)
from .text_changes import EventsAndTexts, described, text_changes


def create_group(context: Context, command: w.CreateGroup) -> EventsAndTexts:
    need_targets_known(context, command.on)
    context.need_administrator()
    need_may_share(context, command.on)
    for member in sorted(command.members):
        context.need_member(member, "members")
    need_services(context, command.on)
    name = clean(command.name, "group", most=GROUP_NAME)
    external = clean_optional(command.external, "external", most=EXTERNAL)
    need_level(command.level)
    context.free_name(Thing.GROUP, name, "group")
    number = context.state.numbers.group + 1
    events: list[e.Event] = [e.GroupCreated(group=number)]
    if command.directory:
        events.append(e.GroupKept(group=number, directory=True))
    if command.members:
        events.append(e.GroupJoined(group=number, members=BitMap(command.members)))
    events += set_events(context, (group_subject(number),), command.on, GrantTerms(level=command.level))
    fields = {"name": name, "external": external} if external else {"name": name}
    return events, [e.Text(thing=Thing.GROUP, number=number, fields=fields)]


def rename_group(context: Context, command: w.RenameGroup) -> EventsAndTexts:
    _need_changeable(context, command.group)
    _need_kept_by(context, command.group, directory=command.directory)
    name = clean(command.to, "to", most=GROUP_NAME)
    context.free_name(Thing.GROUP, name, "to", mine=command.group)
    return described(context, Thing.GROUP, command.group, {"name": name})


def _need_changeable(context: Context, group: int) -> None:
    context.need_administrator()
    context.need_group(group)
    if group == EVERYONE:
        invalid(Problem.EVERYONE_FIXED, "group")


def _need_kept_by(context: Context, group: int, *, directory: bool) -> None:
    """Refuses who changes a group that is kept elsewhere: here, or in the firm's directory."""
    if (group in context.state.kept) != directory:
        invalid(Problem.DIRECTORY_NOT_KEPT if directory else Problem.DIRECTORY_KEPT, "group")


def change_group(context: Context, command: w.ChangeGroup) -> EventsAndTexts:
    """Who says who is in it from now on: the firm's directory, or the firm here."""
    _need_changeable(context, command.group)
    fields: dict[str, str] = {}
    if command.external is not UNSET:
        fields["external"] = clean_optional(command.external, "external", most=EXTERNAL)
    found, texts = text_changes(context, Thing.GROUP, command.group, fields)
    events: list[e.Event] = list(found)
    kept = command.group in context.state.kept
    if command.directory is not UNSET and command.directory != kept:
        events.append(e.GroupKept(group=command.group, directory=command.directory))
    if not events:
        conflict()
    return events, texts


def delete_group(context: Context, command: w.DeleteGroup) -> list[e.Event]:
    context.need_administrator()
    context.need_no_own_wall(held_clients(context, group_subject(command.group)))
    _need_changeable(context, command.group)
    if command.directory:
        _need_kept_by(context, command.group, directory=True)
    return [e.GroupDeleted(group=command.group)]


def held_clients(context: Context, subject: Subject) -> BitMap:
    """The clients with a grant of the subject on them or on one of their engagements, removed ones too."""
    held, register = context.state.held_by(subject), context.state.register
    return held.numbers("client") | register.clients_of(held.numbers("engagement"))


def add_to_group(context: Context, command: w.AddToGroup) -> list[e.Event]:
    members = _members_of_change(context, command)
    new = BitMap(command.members) - members
    if not new:
        conflict()
    return [e.GroupJoined(group=command.group, members=new)]


def remove_from_group(context: Context, command: w.RemoveFromGroup) -> list[e.Event]:
    members = _members_of_change(context, command)
    gone = BitMap(command.members) & members
    if not gone:
        conflict()
    return [e.GroupLeft(group=command.group, members=gone)]


def _members_of_change(context: Context, command: w.AddToGroup | w.RemoveFromGroup) -> BitMap:
    context.need_administrator()
    context.need_group(command.group)
    for member in sorted(command.members):
        context.need_member(member, "members")
    if command.group == EVERYONE:
        invalid(Problem.EVERYONE_FIXED, "group")
    _need_kept_by(context, command.group, directory=command.directory)
    if not command.members:
        invalid(Problem.NOTHING_NAMED, "members")
    return context.state.groups[command.group]
