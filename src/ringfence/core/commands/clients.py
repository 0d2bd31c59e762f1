"""`client.change`, `client.remove` and `client.restore` (rules.md 5, 7).

Adding clients, one or a whole list, is in `adding.py`; their services are in `engagements.py`.
"""

from msgspec import UNSET

from ringfence.core import events as e
from ringfence.core.authority.changing import (
    refused_correcting,
    refused_describing,
    refused_removing,
    refused_restoring,
)
from ringfence.core.directory import unique_key
from ringfence.core.refusals import Problem, Refusal, Refused, conflict, missing, need
from ringfence.core.terms import Target, Thing
from ringfence.core.texts import CLIENT_KIND, CLIENT_NAME, REFERENCE, clean, clean_optional

from . import definitions as w
from .context import Context
from .text_changes import EventsAndTexts, text_changes


def change_client(context: Context, command: w.ChangeClient) -> EventsAndTexts:
    context.need_client(command.client)
    on_client = Target("client", command.client)
    corrects = (command.name, command.reference) != (UNSET, UNSET)
    if command.kind is not UNSET:
        context.need_right(refused_describing, on_client)
    elif corrects or command.confidential is UNSET:
        context.need_right(refused_correcting, on_client)
    if command.confidential is not UNSET:
        context.need_sharing(on_client)
    fields: dict[str, str] = {}
    if command.name is not UNSET:
        fields["name"] = clean(command.name, "name", most=CLIENT_NAME)
    if command.reference is not UNSET:
        fields["reference"] = clean_optional(command.reference, "reference", most=REFERENCE)
    if command.kind is not UNSET:
        fields["kind"] = clean_optional(command.kind, "kind", most=CLIENT_KIND)
    if fields.get("reference"):
        _need_free_reference(context, fields["reference"], command.client)
    events, texts = text_changes(context, Thing.CLIENT, command.client, fields)
    marked = command.client in context.state.register.confidential
    if command.confidential is not UNSET and command.confidential != marked:
        events.append(e.ClientMarked(client=command.client, confidential=command.confidential))
    if not events:
        conflict()
    return events, texts


def _need_free_reference(context: Context, reference: str, mine: int) -> None:
    taken = context.directory.clients_by_reference([unique_key(reference)])
    if any(client != mine and context.holds_references(client) for client in taken.values()):
        raise Refused(Refusal.NAME_TAKEN, Problem.REFERENCE_IN_USE, "reference")


def remove_client(context: Context, command: w.RemoveClient) -> list[e.Event]:
    context.need_client(command.client)
    context.need_right(refused_removing, Target("client", command.client))
    events: list[e.Event] = [
        e.RequestClosed(client=client, member=asker, outcome="withdrawn")
        for client, asker in sorted(context.state.requests)
        if client == command.client
    ]
    events.append(e.ClientRemoved(client=command.client, at=context.now))
    return events


def restore_client(context: Context, command: w.RestoreClient) -> list[e.Event]:
    removed_at = context.state.register.removed.get(command.client)
    if removed_at is None:
        return _refuse_restoring(context, command)
    if not context.administers:
        need(refused_restoring(context, command.client))
    if not context.holds_references(command.client):
        missing(Problem.TOO_LATE_TO_RESTORE, "client")
    return [e.ClientRestored(client=command.client)]


def _refuse_restoring(context: Context, command: w.RestoreClient) -> list[e.Event]:
    """A client that is there needs no restoring; one that never was is not found."""
    context.need_client(command.client)
    context.need_right(refused_removing, Target("client", command.client))
    conflict()
