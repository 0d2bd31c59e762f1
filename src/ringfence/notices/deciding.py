"""What those who may decide a request for access are told of it."""

from ringfence.access.ledger.requests import DAY, LAPSE_DAYS
from ringfence.access.notices import KeptNotice
from ringfence.access.reading import refused_sharing
from ringfence.core.terms import Instant, Level, Target
from ringfence.firms.models import Request
from ringfence.wording.levels_and_roles import level_name
from ringfence.wording.saying import four_levels
from ringfence.wording.times import until_text

from .readers import FirmReader


def about_asking(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """Who asks; None once the request is closed, or for who may not decide it."""
    client, asker = notice.facts.client, notice.facts.asker
    if (client, asker) not in reader.now.requests:
        return None
    if refused_sharing(reader.now, reader.member, Target("client", client)) is not None:
        return None
    return {"who": reader.member_name(asker)}


def to_decide(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """Who asks for what, why and until when; None once it is closed, or for who may not decide it."""
    client, asker = notice.facts.client, notice.facts.asker
    asking = about_asking(reader, notice)
    row = Request.objects.filter(firm=reader.row, client=client, member=asker).first()
    name = reader.client_name(client)
    if asking is None or row is None or name is None:
        return None
    return {
        **asking,
        "client": name,
        "reason": row.reason,
        "level": level_name(Level(row.level)) if four_levels() else "",
        "until": until_text(Instant(row.expires), reader.zone) if row.expires is not None else "",
        "asked": reader.told_time(Instant(row.opened_at)),
        "lapses": reader.told_time(Instant(row.opened_at + LAPSE_DAYS * DAY)),
        "link": reader.link("decide-request", client, asker),
    }
