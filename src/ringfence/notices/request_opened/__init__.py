"""A member asks for access to a client: to everybody who may share that client (rules.md 4, "kyc")."""

from ringfence.access import firm_state
from ringfence.access.ledger.telling import Notable
from ringfence.access.notices import KeptNotice, NewNotice, NoticeFacts, NoticeKind
from ringfence.access.notices_due import sharers
from ringfence.firms.models import Request
from ringfence.notices.deciding import about_asking, to_decide
from ringfence.notices.readers import FirmReader


def told(firm: int, entry: Notable) -> list[NewNotice]:
    """Who is told of the entry: those who may share the client now."""
    now = firm_state(firm)
    return [
        NewNotice(
            member=member, kind=NoticeKind.REQUEST_OPENED, facts=NoticeFacts(client=client, asker=asker)
        )
        for client, asker in entry.opened
        if Request.objects.filter(firm=firm, client=client, member=asker).exists()
        for member in sharers(now, client, beside=asker)
    ]


def about(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What its subject says."""
    return about_asking(reader, notice)


def values(reader: FirmReader, notice: KeptNotice) -> dict[str, object] | None:
    """What it says; None once the request is closed, or for who may not decide it any more."""
    return to_decide(reader, notice)
