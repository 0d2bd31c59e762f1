"""Access of a member ends within a week, by a grant of their own or a delegation to them: to that member."""

from ringfence.access.notices import KeptNotice
from ringfence.access.notices_due import Ending, endings
from ringfence.access.reading import rows_by_number
from ringfence.core.terms import Target, Thing
from ringfence.notices.blocks import MailLink
from ringfence.notices.readers import FirmReader, administrators
from ringfence.wording.saying import gettext as _
from ringfence.wording.times import until_text

MOST = 25
"""Endings that are listed; of more their number is said."""
MOST_ASKED = 5
"""Those who are named to be asked."""


def about(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What its subject says; None where nothing ends then any more."""
    return {} if _found(reader, notice) else None


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says of what still ends then; None where nothing does."""
    found = _found(reader, notice)
    if not found:
        return None
    givers = {each.giver: None for each in found if each.giver}
    managing = {number: None for number in administrators(reader.now) if number != reader.member}
    # Who delegates can prolong it themselves.
    asked = list(givers | managing)[:MOST_ASKED]
    reader.look_up_members([*asked, *(each.giver for each in found[:MOST] if each.giver)])
    return {
        "items_told": _lines(reader, found[:MOST]),
        "more": max(0, len(found) - MOST),
        "ask": [reader.member_name(number) for number in asked],
        "requests": reader.now.settings.requests,
        "link": reader.link("your-account"),
    }


def _found(reader: FirmReader, notice: KeptNotice) -> list[Ending]:
    facts = notice.facts
    found = endings(reader.now, reader.member, facts.since, facts.until)
    told = set(facts.ends)
    return [each for each in found if (not told or each.key in told) and _shows(reader, each)]


def _client(reader: FirmReader, target: Target) -> int:
    return reader.now.client_of(target.number) if target.kind == "engagement" else target.number


def _shows(reader: FirmReader, ending: Ending) -> bool:
    """Whether they see what the grant is on, so that it may be named to them."""
    target = ending.target
    if target is None or target.kind in ("service", "all"):
        return True
    if target.kind == "engagement":
        return reader.now.can(reader.member, target.number)
    return reader.now.sees(reader.member, target.number)


def _lines(reader: FirmReader, found: list[Ending]) -> list[str | MailLink]:
    targets = [each.target for each in found if each.target is not None]
    clients = {_client(reader, target) for target in targets if target.kind in ("client", "engagement")}
    services = {
        reader.now.service_of(target.number) if target.kind == "engagement" else target.number
        for target in targets
        if target.kind in ("engagement", "service")
    }
    firm = reader.row.pk
    names = dict(rows_by_number(firm, Thing.CLIENT, ("number", "name"), "number", clients))
    named_services = dict(rows_by_number(firm, Thing.SERVICE, ("number", "name"), "number", services))
    return [
        _line(reader, each, f"{_what(reader, each, names, named_services)}: {_until(reader, each)}")
        for each in found
    ]


def _line(reader: FirmReader, ending: Ending, text: str) -> str | MailLink:
    """Where it is on a single client, it leads to who has access there, and to asking for more."""
    target = ending.target
    if target is None or target.kind in ("service", "all"):
        return text
    return MailLink(text, reader.link("share-client", _client(reader, target)))


def _until(reader: FirmReader, ending: Ending) -> str:
    return until_text(ending.expires, reader.zone)


def _what(reader: FirmReader, ending: Ending, clients: dict[int, str], services: dict[int, str]) -> str:
    target = ending.target
    if target is None:
        return _("What %(member)s lets you reach") % {"member": reader.member_name(ending.giver)}
    match target.kind:
        case "engagement":
            service = services.get(reader.now.service_of(target.number), "")
            return f"{clients.get(_client(reader, target), '')} ({service})"
        case "client":
            return clients.get(target.number, "")
        case "service":
            return _("All [clients] with %(service)s") % {"service": services.get(target.number, "")}
        case "all":
            return _("All [clients]")
