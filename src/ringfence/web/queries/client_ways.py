"""By which ways members see one client, in the words that stand beside their names."""

from __future__ import annotations

from collections.abc import Sequence

from ringfence.access import FirmNow, Way
from ringfence.wording.ways import WayNames, way_text


def ways_into(firm_now: FirmNow, member: int, client: int, names: WayNames) -> tuple[str, ...]:
    """Each way of the member's, with its services where these are not all that the client has.

    None for who does not see the client. It names groups and others: for who may read everybody's access.
    """
    engagements = firm_now.engagements_of(client)
    found: dict[Way, list[int]] = {}
    for number in engagements:
        if firm_now.can(member, number):
            for way in firm_now.ways_on(member, number):
                found.setdefault(way, []).append(number)
    return tuple(
        _told(firm_now, way_text(way, names), to if len(to) < len(engagements) else (), names)
        for way, to in found.items()
    )


def _told(firm_now: FirmNow, text: str, part: Sequence[int], names: WayNames) -> str:
    if not part:
        return text
    services = ", ".join(names.service(firm_now.service_of(number)) for number in part)
    return f"{text} ({services})"
