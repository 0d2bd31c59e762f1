"""Commands as a directory gives them: what it keeps is changed by it alone, and leavers have a successor."""

from collections.abc import Collection, Iterable, Iterator

import msgspec

from ringfence.core.commands import definitions as w
from ringfence.lists.plans.planned import PlannedCommand


def as_directory(
    commands: Iterable[PlannedCommand], before: Collection[int], kept: Collection[int]
) -> Iterator[PlannedCommand]:
    """The commands, saying that it is the directory which gives them.

    `before`: the groups that it keeps already; `kept`: those that it keeps from now on besides, new ones too.
    """
    commands = list(commands)
    for group in sorted(set(kept) - set(before) - set(_created(commands, kept))):
        yield PlannedCommand(w.ChangeGroup(group=group, directory=True), ())
    for planned in commands:
        match planned.command:
            case w.CreateGroup() if kept:
                yield _said(planned)
            case w.AddToGroup(group=group) | w.RemoveFromGroup(group=group):
                yield _said(planned) if group in before or group in kept else planned
            case w.DeactivateMember():
                yield _said(planned)
            case _:
                yield planned


def _created(commands: Iterable[PlannedCommand], kept: Collection[int]) -> list[int]:
    """The numbers of the groups that are created: the last ones, one for each."""
    count = sum(isinstance(planned.command, w.CreateGroup) for planned in commands)
    return sorted(kept)[len(kept) - count :] if count else []


def _said(planned: PlannedCommand) -> PlannedCommand:
    return PlannedCommand(msgspec.structs.replace(planned.command, directory=True), planned.lines)
