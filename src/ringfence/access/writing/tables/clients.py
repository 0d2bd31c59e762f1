"""Services, clients and engagements, in the tables."""

from collections.abc import Sequence

from ringfence.core import events as e
from ringfence.core.events import unpacked
from ringfence.core.terms import Thing
from ringfence.firms.codes import TARGET_CODES

from .firm import new_service
from .words import all_sorting, key_column
from .writing import Writing


def service_added(event: e.ServiceAdded, to: Writing) -> None:
    new_service(to, event.service)


def service_removed(event: e.ServiceRemoved, to: Writing) -> None:
    to.delete("firms_service", "number = %s", event.service)


def clients_added(event: e.ClientsAdded, to: Writing) -> None:
    numbers, marked = range(event.first_client, event.first_client + event.count), event.confidential
    wanted = ("name", "reference", "reference_key", "kind")
    names, references, keys, kinds = to.words.take_all(Thing.CLIENT, numbers, *wanted)
    columns = {
        "number": numbers,
        "name": names,
        "sort_key": all_sorting(names),
        "reference": references,
        "reference_key": _or_null(keys),
        "kind": kinds,
        "confidential": [number in marked for number in numbers],
    }
    to.statements.insert_new("firms_client", columns, firm_id=to.firm)
    engagements_added(event, to)


def engagements_added(event: e.ClientsAdded | e.EngagementsAdded, to: Writing) -> None:
    clients, services = unpacked(event.client_of), unpacked(event.service_of)
    numbers = range(event.first_engagement, event.first_engagement + len(clients))
    references, keys = to.words.take_all(Thing.ENGAGEMENT, numbers, "reference", "reference_key")
    columns = {
        "number": numbers,
        "client": clients,
        "service": services,
        "reference": references,
        "reference_key": _or_null(keys),
    }
    to.statements.insert_new("firms_engagement", columns, firm_id=to.firm, ended=False)


def _or_null(keys: Sequence[str]) -> list[str | None]:
    """Null for none: databases let null be there many times."""
    return [key or None for key in keys]


def client_marked(event: e.ClientMarked, to: Writing) -> None:
    to.update("firms_client", event.client, confidential=event.confidential)


def client_removed(event: e.ClientRemoved, to: Writing) -> None:
    to.update("firms_client", event.client, removed_at=event.at)


def client_restored(event: e.ClientRestored, to: Writing) -> None:
    to.update("firms_client", event.client, removed_at=None)


def engagement_added(event: e.EngagementAdded, to: Writing) -> None:
    reference = to.words.take(Thing.ENGAGEMENT, event.engagement).get("reference", "")
    to.insert(
        "firms_engagement",
        number=event.engagement,
        client=event.client,
        service=event.service,
        reference=reference,
        reference_key=key_column(Thing.ENGAGEMENT, reference),
        ended=False,
    )


def engagement_removed(event: e.EngagementRemoved, to: Writing) -> None:
    to.update("firms_engagement", event.engagement, ended=True)
    to.delete("firms_grant", "target_kind = %s AND target = %s", TARGET_CODES["engagement"], event.engagement)
