"""`client.change`, `client.remove` and `client.restore` (rules.md 5, 7).

Adding clients, one or a whole list, is in `adding.py`; their services are in `engagements.py`.
"""

from msgspec import UNSET

from ringfence.core import events as e
from ringfence.core.apply.apply import apply
from ringfence.core.authority.sharing import administers, need_level_on_client, need_sharing
from ringfence.core.decision.moment import Moment, at
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Problem, Refusal, Refused, conflict, forbid, missing
from ringfence.core.terms import Level, Target, Thing
from ringfence.core.texts import CLIENT_KIND, CLIENT_NAME, REFERENCE, clean, clean_optional

from . import definitions as w
from .context import Desk
from .text_changes import Done, text_changes

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
        back = at(apply(desk.state, event), desk.now)
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
