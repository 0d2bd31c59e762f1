"""`client.change`, `client.remove`, `client.restore` and `engagement.*` (rules.md 5, 7).

Adding clients, one or a whole list, is in `adding.py`.
"""

from msgspec import UNSET

from ringfence.core import events as e
from ringfence.core.directory import unique_key
from ringfence.core.moment import Moment
from ringfence.core.terms import Level, Refusal, Target, Thing

from . import words as w
from .described import Done, described, text_changes
from .desk import Desk, Problem, Refused, conflict, forbid, invalid, missing
from .rights import (
    administers,
    need_level_on_client,
    need_level_on_engagement,
    need_sharing,
)
from .texts import CLIENT_KIND, CLIENT_NAME, REFERENCE, clean, clean_optional

RESTORABLE = 30 * 24 * 3600 * 1_000_000
"""Microseconds in which a removed client can be restored: 30 days (rules.md 7)."""


def change_client(desk: Desk, command: w.ChangeClient) -> Done:
    desk.need_client(command.client)
    on_client = Target("client", command.client)
    corrects = command.kind is UNSET and administers(desk)
    states_details = (command.name, command.reference, command.kind) != (UNSET, UNSET, UNSET)
    if states_details and not corrects:
        need_level_on_client(desk, command.client, Level.EDITOR)
    if command.confidential is not UNSET:
        need_sharing(desk, on_client)
    elif not states_details and not administers(desk):
        need_level_on_client(desk, command.client, Level.EDITOR)
    fields: dict[str, str] = {}
    if command.name is not UNSET:
        fields["name"] = clean(command.name, "name", most=CLIENT_NAME)
    if command.reference is not UNSET:
        fields["reference"] = clean_optional(command.reference, "reference", most=REFERENCE)
    if command.kind is not UNSET:
        fields["kind"] = clean_optional(command.kind, "kind", most=CLIENT_KIND)
    if fields.get("reference"):
        _need_free_reference(desk, fields["reference"], command.client)
    events, texts = text_changes(desk, Thing.CLIENT, command.client, fields)
    marked = command.client in desk.state.register.confidential
    if command.confidential is not UNSET and command.confidential != marked:
        events.append(e.ClientMarked(client=command.client, confidential=command.confidential))
    if not events:
        conflict()
    return events, texts


def _need_free_reference(desk: Desk, reference: str, mine: int) -> None:
    taken = desk.directory.clients_by_reference([unique_key(reference)])
    if any(client != mine for client in taken.values()):
        raise Refused(Refusal.NAME_TAKEN, Problem.REFERENCE_IN_USE, "reference")


def remove_client(desk: Desk, command: w.RemoveClient) -> list[e.Event]:
    desk.need_client(command.client)
    if not administers(desk):
        need_level_on_client(desk, command.client, Level.OWNER)
    events: list[e.Event] = [
        e.RequestClosed(client=client, member=asker, outcome="withdrawn")
        for client, asker in sorted(desk.state.requests)
        if client == command.client
    ]
    events.append(e.ClientRemoved(client=command.client, at=desk.now))
    return events


def restore_client(desk: Desk, command: w.RestoreClient) -> list[e.Event]:
    removed_at = desk.state.register.removed.get(command.client)
    if removed_at is None:
        return _refuse_restoring(desk, command)
    event = e.ClientRestored(client=command.client)
    if not administers(desk):
        back = desk.state.apply(event).at(desk.now)
        if not _knows_restored(desk, back, command.client):
            missing(Problem.UNKNOWN_CLIENT, "client")
        assert desk.actor is not None
        if back.client_level(desk.actor, command.client) < Level.OWNER:
            forbid(Problem.ONLY_OWNERS)
    if desk.now - removed_at > RESTORABLE:
        missing(Problem.TOO_LATE_TO_RESTORE, "client")
    return [event]


def _refuse_restoring(desk: Desk, command: w.RestoreClient) -> list[e.Event]:
    """A client that is there needs no restoring; one that never was is not found."""
    desk.need_client(command.client)
    if not administers(desk):
        need_level_on_client(desk, command.client, Level.OWNER)
    conflict()


def _knows_restored(desk: Desk, back: Moment, client: int) -> bool:
    return Desk(moment=back, directory=desk.directory, actor=desk.actor).knows(client)


def add_engagement(desk: Desk, command: w.AddEngagement) -> Done:
    desk.need_client(command.client)
    need_level_on_client(desk, command.client, Level.EDITOR)
    number = desk.state.register.next_engagement
    event = e.EngagementAdded(engagement=number, client=command.client, service=command.service)
    if command.service in desk.state.services:
        after = desk.state.apply(event).at(desk.now)
        if _lets_somebody_in(desk.moment, after, command.client, number):
            need_sharing(desk, Target("client", command.client))
    desk.need_service(command.service)
    reference = clean_optional(command.reference, "reference", most=REFERENCE)
    _need_free_tax_reference(desk, command.service, reference, number)
    if desk.state.register.engagement_for(command.client, command.service) is not None:
        conflict(Problem.SERVICE_ALREADY, "service")
    text = e.Text(thing=Thing.ENGAGEMENT, number=number, fields={"reference": reference})
    return [event], [text] if reference else []


def _lets_somebody_in(before: Moment, after: Moment, client: int, engagement: int) -> bool:
    """Whether somebody sees the client by its new engagement who does not see it now."""
    return any(
        after.can(member, engagement) and not before.sees(member, client) for member in before.state.everyone
    )


def _need_free_tax_reference(desk: Desk, service: int, reference: str, mine: int) -> None:
    if reference:
        taken = desk.directory.engagements_by_reference([(service, unique_key(reference))])
        if any(engagement != mine for engagement in taken.values()):
            raise Refused(Refusal.NAME_TAKEN, Problem.TAX_REFERENCE_IN_USE, "reference")


def change_engagement(desk: Desk, command: w.ChangeEngagement) -> Done:
    desk.need_engagement(command.engagement)
    if not administers(desk):
        need_level_on_engagement(desk, command.engagement, Level.EDITOR)
    reference = clean_optional(command.reference, "reference", most=REFERENCE)
    service = desk.state.register.service_of[command.engagement]
    _need_free_tax_reference(desk, service, reference, command.engagement)
    return described(desk, Thing.ENGAGEMENT, command.engagement, {"reference": reference})


def remove_engagement(desk: Desk, command: w.RemoveEngagement) -> list[e.Event]:
    client = desk.need_engagement(command.engagement)
    if not administers(desk):
        need_level_on_engagement(desk, command.engagement, Level.OWNER)
    if len(desk.state.register.engagements_of(client)) == 1:
        invalid(Problem.LAST_ENGAGEMENT, "service")
    return [e.EngagementRemoved(engagement=command.engagement)]
