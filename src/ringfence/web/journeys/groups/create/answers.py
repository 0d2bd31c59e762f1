"""What was answered on the way to a new group, as the check page shows it: numbers and the first names."""

from __future__ import annotations

from ringfence.access.reading import client_names
from ringfence.web.previews.outcome import FIRST, NameList, rest_words
from ringfence.web.queries.clients import client_name_of, client_rows
from ringfence.web.queries.people import members_matching
from ringfence.web.queries.things import services_of
from ringfence.web.shell.figures import count_clients, count_services
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .draft import GroupDraft


def kind_words(visit: Visit, draft: GroupDraft) -> str:
    """What kind of group it is."""
    return (
        _("Custom [group]")
        if draft.kind == "custom"
        else _("All [clients] with %(service)s")
        % {"service": dict(services_of(visit.firm.pk)).get(draft.service, "")}
    )


def joining(visit: Visit, draft: GroupDraft) -> str:
    """That new clients of the service join by themselves; empty for a custom group."""
    if draft.kind == "custom":
        return ""
    return _(
        "New [clients] with this service join the [group] by themselves. You can leave out single ones later."
    )


def chosen_clients(visit: Visit, draft: GroupDraft) -> NameList:
    """The clients, with their chosen services where these are what was chosen."""
    now, names = visit.firm_now, client_names(visit.firm.pk)
    clients = draft.clients_of(visit)
    if draft.kind == "service" or draft.unit == "client":
        first = names.page(clients, 0, FIRST)
        named = client_name_of(visit.firm.pk, first)
        return NameList(
            total=len(clients),
            lines=tuple((named.get(each, ""), "") for each in first),
            rest=rest_words(len(clients)),
            count=count_clients(len(clients)),
        )
    first = names.page(clients, 0, FIRST)
    rows = client_rows(now, visit.number, first, draft.chosen)
    services = dict(services_of(visit.firm.pk))
    lines = tuple(
        (rows[each].name, ", ".join(services.get(one.service, "") for one in rows[each].engagements))
        for each in first
        if each in rows
    )
    return NameList(
        total=len(clients),
        lines=lines,
        rest=rest_words(len(clients)),
        count=count_services(len(draft.chosen), len(clients)),
    )


def chosen_members(visit: Visit, draft: GroupDraft) -> NameList:
    """The members by name."""
    people = members_matching(visit.firm.pk, "", within=draft.members)
    lines = tuple((person.name, "") for person in people[:FIRST])
    return NameList(total=len(people), lines=lines, rest=rest_words(len(people)))
