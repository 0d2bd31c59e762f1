"""What rows give up before others get it: references of clients gone for good, and words within one list."""

from ringfence.access.sql import among_numbers, numbers_parameter
from ringfence.core import events as e
from ringfence.core.terms import Thing

from . import TABLES
from .writing import Writing


def let_go(to: Writing) -> None:
    """Take their references from clients that can no longer be restored, before any are given."""
    if not to.gone or not to.words.give_references:
        return
    engagements = [number for client in to.gone for number in to.register.chain(client)]
    for table, gone in (("firms_client", to.gone), ("firms_engagement", engagements)):
        to.statements.execute(
            f"UPDATE {table} SET reference_key = NULL"
            f" WHERE firm_id = %s AND {among_numbers('number')} AND reference_key IS NOT NULL",
            to.firm,
            numbers_parameter(gone),
        )


def let_go_for_new_rows(events: tuple[e.Event, ...], to: Writing) -> None:
    """Take away what rows lose by the same list, before new rows get it (rules.md 9, lists)."""
    if members := [event.member for event in events if isinstance(event, e.MemberAdded)]:
        _let_go_of_members(min(members), to)
    clients = [event.first_client for event in events if isinstance(event, e.ClientsAdded)]
    engagements = [
        event.first_engagement for event in events if isinstance(event, e.ClientsAdded | e.EngagementsAdded)
    ]
    for thing, firsts in ((Thing.CLIENT, clients), (Thing.ENGAGEMENT, engagements)):
        if firsts and (numbers := to.words.given_anew(thing, min(firsts))):
            to.statements.execute(
                f"UPDATE {TABLES[thing]} SET reference_key = NULL"
                f" WHERE firm_id = %s AND {among_numbers('number')}",
                to.firm,
                numbers_parameter(numbers),
            )


def _let_go_of_members(first: int, to: Writing) -> None:
    for field in ("email", "external", "user_name"):
        if numbers := to.words.given_anew(Thing.MEMBER, first, field):
            to.statements.execute(
                f"UPDATE firms_member SET {field}_key = '' WHERE firm_id = %s AND {among_numbers('number')}",
                to.firm,
                numbers_parameter(numbers),
            )
