"""A request for access was granted, declined, or lapsed because nobody answered: to whoever asked."""

from ringfence.access import firm_state
from ringfence.access.ledger.requests import RequestState, last_request
from ringfence.access.ledger.telling import Notable, RequestAnswer
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.notices.readers import FirmReader
from ringfence.wording.levels_and_roles import level_name
from ringfence.wording.saying import four_levels
from ringfence.wording.times import until_text


def told(firm: int, entry: Notable) -> list[NewNotice]:
    """Who is told of the entry: not of requests that their own asker took back."""
    return [
        NewNotice(
            member=answer.asker,
            kind=NoticeKind.REQUEST_ANSWERED,
            facts=NoticeFacts(
                client=answer.client, asker=answer.asker, lapsed=entry.actor is None and _lapsed(firm, answer)
            ),
        )
        for answer in entry.answered
        if answer.outcome != "withdrawn" and entry.actor != answer.asker
    ]


def _lapsed(firm: int, answer: RequestAnswer) -> bool:
    asked = last_request(firm_state(firm), answer.client, answer.asker)
    return asked is not None and asked.end is not None and asked.end.outcome is RequestState.LAPSED


def about(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What its subject says; None where they may not be told of the client any more."""
    answer = _answer(reader, notice)
    if answer is None or not reader.now.knows(reader.member, notice.facts.client):
        return None
    return {"granted": answer.outcome == "granted", "lapsed": notice.facts.lapsed}


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says; None where they may not be told of the client any more."""
    said, answer, entry = about(reader, notice), _answer(reader, notice), reader.entry(notice)
    name = reader.client_name(notice.facts.client)
    if said is None or answer is None or entry is None or name is None:
        return None
    granted = said["granted"]
    return {
        **said,
        "who": reader.member_name(entry.actor),
        "client": name,
        "reason": entry.reason if not granted else "",
        "level": level_name(answer.level) if answer.level is not None and four_levels() else "",
        "until": until_text(answer.expires, reader.zone) if answer.expires is not None else "",
        "sees": reader.now.sees(reader.member, notice.facts.client),
        "link": reader.link("client", notice.facts.client) if granted else reader.link("your-requests"),
    }


def _answer(reader: FirmReader, notice: KeptNotice) -> RequestAnswer | None:
    wanted = notice.facts.client, notice.facts.asker
    entry = reader.entry(notice)
    answers = entry.answered if entry is not None else ()
    return next((each for each in answers if (each.client, each.asker) == wanted), None)
