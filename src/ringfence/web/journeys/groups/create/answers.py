"""What was answered on the way to a new group, as the check page shows it: numbers and the first names."""

from __future__ import annotations

from ringfence.web.previews.outcome import FIRST, NameList, PreviewNames, rest_words
from ringfence.web.shell.figures import count_clients, count_services
from ringfence.web.shell.visit import Visit
from ringfence.wording.saying import gettext as _

from .draft import GroupDraft


def kind_words(draft: GroupDraft, naming: PreviewNames) -> str:
    """What kind of group it is."""
    if draft.kind == "people":
        return _("[Group] of [members]")
    if draft.kind == "custom":
        return _("Custom [group]")
    return _("All [clients] with %(service)s") % {"service": naming.services.get(draft.service, "")}


def joining(draft: GroupDraft) -> str:
    """That new clients of the service join by themselves; empty for a custom group."""
    if draft.kind != "service":
        return ""
    return _(
        "New [clients] with this service join the [group] by themselves. You can leave out single ones later."
    )


def chosen_clients(visit: Visit, draft: GroupDraft, naming: PreviewNames) -> NameList:
    """The clients, with their chosen services where these are what was chosen."""
    now, clients = visit.firm_now, draft.clients_of(visit)
    first, rest = naming.first(clients), rest_words(len(clients))
    if draft.kind == "service" or draft.unit == "client":
        lines = tuple((name, "") for _number, name in first)
        return NameList(total=len(clients), lines=lines, rest=rest, count=count_clients(len(clients)))
    lines = tuple(
        (
            name,
            ", ".join(
                naming.services.get(now.service_of(each), "")
                for each in now.engagements_of(number)
                if each in draft.chosen
            ),
        )
        for number, name in first
    )
    count = count_services(len(draft.chosen), len(clients))
    return NameList(total=len(clients), lines=lines, rest=rest, count=count)


def chosen_members(draft: GroupDraft, naming: PreviewNames) -> NameList:
    """The members by name."""
    people = [name for number, name in naming.members if number in draft.members]
    lines = tuple((name, "") for name in people[:FIRST])
    return NameList(total=len(people), lines=lines, rest=rest_words(len(people)))
