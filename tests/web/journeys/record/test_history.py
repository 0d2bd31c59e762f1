"""What happened to a client and who opened its record: to each reader only what they may know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from ringfence.access import OPERATOR, Batch, firm_state, open_record, rehearse, save
from ringfence.core.commands import Command
from ringfence.core.commands.definitions import (
    AddClient,
    AddEngagement,
    AddToken,
    ChangeClient,
    ChangeEngagement,
    ClientRow,
    EngagementRow,
    GrantTo,
    ImportEngagements,
    On,
    SetGrant,
    TurnOn,
)
from ringfence.core.terms import Level, Scope, member_subject
from tests.web.cast import BAKER, CAI, DILYS, FORTUNE, FORTUNE_VAT, INCOME_TAX, Cast, do, grouped
from tests.web.reading import places, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def history(cast: Cast, client: PageClient, number: int = FORTUNE) -> str:
    return text(client.get(reverse("client-history", args=[cast.firm, number])))


def openings(cast: Cast, client: PageClient) -> list[list[str]]:
    return [row[1:] for row in rows(client.get(reverse("client-openings", args=[cast.firm, FORTUNE])))]


def test_who_reads_the_ledger_is_told_who_was_given_access(cast: Cast, ada: PageClient) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    assert "Cai was given access to Fortune 500" in history(cast, ada)


def test_others_are_told_what_became_of_the_client_and_not_who_has_access(
    cast: Cast, cai: PageClient
) -> None:
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(BAKER), level=Level.EDITOR))
    do(cast.firm, ChangeClient(client=BAKER, name="Baker & Daughters"))
    do(cast.firm, AddEngagement(client=BAKER, service=INCOME_TAX))
    told = history(cast, cai, BAKER)
    assert "Client changed" in told
    assert "Service added to a client" in told
    assert "given access" not in told


def test_others_are_not_told_to_whom_a_client_was_given_when_it_was_added(
    cast: Cast, ada: PageClient, cai: PageClient
) -> None:
    given = tuple(GrantTo(to=member_subject(each), level=Level.EDITOR) for each in (CAI, DILYS))
    do(cast.firm, AddClient(client=ClientRow(name="New Mill", grants=given)))
    number = max(firm_state(cast.firm).clients)
    assert "Dilys was given access" in history(cast, ada, number)
    told = history(cast, cai, number)
    assert "Client added" in told
    assert "given access" not in told


def test_who_sees_a_part_is_told_of_no_service(cast: Cast, dilys: PageClient) -> None:
    do(cast.firm, AddEngagement(client=FORTUNE, service=1))
    grouped(cast.firm)
    told = history(cast, dilys)
    assert "Service added" not in told
    assert "Clients imported" in told


def brought_in(firm: int, *commands: Command) -> None:
    """A list of clients that was brought in, as one entry."""
    save(rehearse(firm, [Batch("client.import", commands)], actor=OPERATOR, version=firm_state(firm).version))


def test_who_sees_a_part_is_told_of_no_service_that_a_list_brought(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    before = history(cast, dilys)
    fourth = EngagementRow(client=FORTUNE, service=1)
    brought_in(cast.firm, ChangeEngagement(engagement=FORTUNE_VAT, reference="GB 111 2222 33"))
    brought_in(cast.firm, ImportEngagements(rows=(fourth,)))
    assert history(cast, dilys) == before


def test_of_a_list_who_sees_a_part_is_told_what_it_says_of_the_client(cast: Cast, dilys: PageClient) -> None:
    grouped(cast.firm)
    renamed = ChangeClient(client=FORTUNE, name="Fortune 501")
    brought_in(cast.firm, renamed, ChangeEngagement(engagement=FORTUNE_VAT, reference="GB 111 2222 33"))
    told = history(cast, dilys)
    assert "Name, reference or address of Fortune 501 changed" in told
    assert "VAT" not in told


def test_openings_say_who_when_and_by_which_reason(cast: Cast, ada: PageClient, cai: PageClient) -> None:
    cai.get(reverse("client", args=[cast.firm, FORTUNE]))
    assert openings(cast, ada) == [["Cai", "Access groups are turned off"]]
    grouped(cast.firm)


def test_an_opening_keeps_the_reason_of_its_moment(cast: Cast, ada: PageClient, cai: PageClient) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.EDITOR))
    cai.get(reverse("client", args=[cast.firm, FORTUNE]))
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.BLOCKED))
    assert openings(cast, ada) == [["Cai", "Own access"]]


def test_what_software_opened_is_told_as_that(cast: Cast, ada: PageClient) -> None:
    do(cast.firm, AddToken(name="Store", scopes=Scope.MANAGE, digest=bytes(32), member=CAI))
    open_record(firm_state(cast.firm), member=CAI, client=FORTUNE)
    open_record(firm_state(cast.firm), member=CAI, client=FORTUNE, token=1)
    who = [row[0] for row in openings(cast, ada)]
    assert who == ["Cai, by software", "Cai"]


def test_an_owner_is_told_who_opened_the_record_and_an_editor_is_not(
    cast: Cast, cai: PageClient, dilys: PageClient
) -> None:
    do(cast.firm, TurnOn())
    do(cast.firm, SetGrant(to=(member_subject(CAI),), on=On.client(FORTUNE), level=Level.OWNER))
    assert openings(cast, cai) == []
    do(cast.firm, SetGrant(to=(member_subject(4),), on=On.client(FORTUNE), level=Level.EDITOR))
    assert dilys.get(reverse("client-openings", args=[cast.firm, FORTUNE])).status_code == 403
    there = reverse("client-openings", args=[cast.firm, FORTUNE])
    assert there not in places(dilys.get(reverse("client", args=[cast.firm, FORTUNE])))
