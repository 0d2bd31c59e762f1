"""What is gone from a list, a line for each thing. Text only, as `description` has it of what is added."""

from zoneinfo import ZoneInfo

from ringfence.lists.faults import shown
from ringfence.lists.plans.description import grant_text
from ringfence.lists.plans.gone_plan import (
    GoneClient,
    GoneGrant,
    GoneItem,
    GoneMember,
    GonePlace,
    GoneService,
    Stays,
)
from ringfence.wording.list_changes import grant_line, place_line
from ringfence.wording.list_gone import gone_service_text, why_stays


def gone_text(item: GoneItem, zone: ZoneInfo) -> str:
    """One line for something that the firm has and the list lacks; times in the firm's `zone`."""
    match item:
        case GoneClient():
            return _client(item)
        case GoneService():
            return gone_service_text(_client(item.client), shown(item.service), last=item.last)
        case GoneMember():
            return _member(item)
        case GoneGrant():
            on = f"{shown(item.reference)} {shown(item.service)}".strip()
            return grant_line(shown(item.who), on, grant_text(item.grant, zone))
        case GonePlace():
            return place_line(shown(item.email), shown(item.group_name))


def stays_text(item: Stays) -> str:
    """One line for a member whom the list lacks and who stays."""
    return why_stays(_member(item.who), item.why)


def _client(item: GoneClient) -> str:
    return f"{shown(item.reference)} {shown(item.name)}"


def _member(item: GoneMember) -> str:
    return f"{shown(item.name)} {shown(item.email)}".strip()
