"""What is gone from a list as commands (rules.md 7); nothing here decides whether they are given."""

from collections.abc import Iterable, Iterator

from pyroaring import BitMap

from ringfence.core.commands import definitions as w
from ringfence.core.terms import Subject
from ringfence.lists.plans.gone_plan import (
    GoneClient,
    GoneGrant,
    GoneMember,
    GoneOfScope,
    GonePlace,
    GoneService,
)
from ringfence.lists.plans.planned import PlannedCommand


def gone_commands(gone: Iterable[GoneOfScope]) -> Iterator[PlannedCommand]:
    """A command for each client, engagement and member, one for each grantee and each group; of no row."""
    grants: dict[Subject, list[GoneGrant]] = {}
    places: dict[int, list[GonePlace]] = {}
    for item in (item for each in gone for item in each.items):
        match item:
            case GoneClient():
                yield _of_no_row(w.RemoveClient(client=item.number))
            case GoneService(last=True):
                yield _of_no_row(w.RemoveClient(client=item.client.number))
            case GoneService():
                yield _of_no_row(w.RemoveEngagement(engagement=item.number))
            case GoneMember():
                yield _of_no_row(w.DeactivateMember(member=item.number))
            case GoneGrant():
                grants.setdefault(item.subject, []).append(item)
            case GonePlace():
                places.setdefault(item.group, []).append(item)
    for subject, held in grants.items():
        yield _of_no_row(w.RemoveGrant(to=(subject,), on=_targets(held)))
    for group, inside in places.items():
        yield _of_no_row(w.RemoveFromGroup(group=group, members=frozenset(each.member for each in inside)))


def _targets(held: Iterable[GoneGrant]) -> w.On:
    targets = [each.target for each in held]
    return w.On(
        engagements=BitMap(target.number for target in targets if target.kind == "engagement"),
        clients=BitMap(target.number for target in targets if target.kind == "client"),
    )


def _of_no_row(command: w.Command) -> PlannedCommand:
    return PlannedCommand(command, ())
