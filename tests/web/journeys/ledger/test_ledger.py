"""The ledger in the browser: sentences, filters, pages that stay as they are, an entry with all it did."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import OPERATOR, erase_member
from ringfence.core.commands.definitions import (
    AddToGroup,
    ChangeClient,
    ChangeEngagement,
    DeactivateMember,
    On,
    RemoveClient,
    RenameGroup,
    SetGrant,
    TurnOff,
)
from ringfence.core.terms import EVERYONE, Export, Level, group_subject, member_subject
from ringfence.firms.models import LedgerEntry
from tests.web.cast import (
    BAKER,
    CAI,
    DILYS,
    FORTUNE,
    FORTUNE_VAT,
    OWEN,
    VAT_GROUP,
    Cast,
    add_clients,
    do,
    grouped,
)
from tests.web.reading import errors, heading, link, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def ledger(who: PageClient, cast: Cast, **query: str) -> Any:
    return who.get(reverse("ledger", args=[cast.firm]), query)


def last_entry(cast: Cast) -> int:
    found = LedgerEntry.objects.filter(firm=cast.firm).order_by("-number").values_list("number", flat=True)
    return int(found[0])


def entry(client: PageClient, cast: Cast, number: int | None = None) -> Any:
    return client.get(reverse("ledger-entry", args=[cast.firm, number or last_entry(cast)]))


def told(response: Any) -> list[str]:
    """What was done, of each row."""
    return [row[1] for row in rows(response)]


def numbers(response: Any) -> list[str]:
    """The numbers of the entries shown."""
    return [each.split("(entry ")[1].split(")")[0] for each in told(response)]


@pytest.fixture
def busy(cast: Cast) -> Cast:
    """A group that Owen has renamed, after access control was turned on."""
    grouped(cast.firm)
    do(cast.firm, RenameGroup(group=VAT_GROUP, to="VAT people", reason="They asked for it"), OWEN)
    return cast


def test_the_newest_entry_comes_first_in_a_sentence(busy: Cast, owen: PageClient) -> None:
    newest, turned_on, *_ = rows(ledger(owen, busy))
    assert newest[1].startswith("Access group renamed (entry 11)")
    assert "Reason given: They asked for it" in newest[1]
    assert newest[2].endswith("Owen")
    assert "Access groups turned on" in turned_on[1]
    assert turned_on[2].endswith("whoever runs Ringfence")


def test_names_are_those_of_today(busy: Cast, owen: PageClient) -> None:
    created = next(each for each in told(ledger(owen, busy)) if "created" in each)
    assert "The access group VAT people was created" in created


def test_an_auditor_reads_the_ledger_and_others_do_not(busy: Cast, ada: PageClient, cai: PageClient) -> None:
    assert ledger(ada, busy).status_code == 200
    assert ledger(cai, busy).status_code == 403


def test_a_person_is_found_by_what_they_did_and_by_what_was_done_to_them(
    busy: Cast, owen: PageClient
) -> None:
    assert [each.split(" (")[0] for each in told(ledger(owen, busy, person="cai"))] == [
        "Access group created",
        "Team member added",
    ]
    assert "Access group renamed" in told(ledger(owen, busy, person="owen@"))[0]


def test_a_client_is_found_also_where_an_entry_names_many(busy: Cast, owen: PageClient) -> None:
    add_clients(busy.firm, 100)
    do(busy.firm, ChangeClient(client=FORTUNE + 50, name="Needle"))
    found = told(ledger(owen, busy, client="needle"))
    assert [each.split(" (")[0] for each in found] == ["Client changed", "Clients imported"]


def test_a_removed_client_is_found(busy: Cast, owen: PageClient) -> None:
    do(busy.firm, RemoveClient(client=BAKER))
    assert "Client removed" in told(ledger(owen, busy, client="B-01"))[0]


def test_records_opened_stand_there_only_when_asked_for(
    busy: Cast, owen: PageClient, cai: PageClient
) -> None:
    cai.get(reverse("client", args=[busy.firm, FORTUNE]))
    assert "Record opened" not in text(ledger(owen, busy)).split("Clear")[-1].split("Showing")[-1]
    assert "The record of Fortune 500 was opened" in told(ledger(owen, busy, kind="all"))[0]
    assert len(rows(ledger(owen, busy, kind="record.open"))) == 1


def test_days_bound_what_is_shown_in_the_firms_time_zone(busy: Cast, owen: PageClient) -> None:
    # 23:30 UTC in July is half past midnight of the next day in London.
    LedgerEntry.objects.filter(firm=busy.firm).update(at=0)
    LedgerEntry.objects.filter(firm=busy.firm, number=last_entry(busy)).update(at=1_782_862_200_000_000)
    assert len(rows(ledger(owen, busy, **{"from": "1 7 2026", "to": "1 July 2026"}))) == 1
    assert rows(ledger(owen, busy, **{"from": "1/6/2026", "to": "30/6/2026"})) == []


def test_what_cannot_be_read_is_said_and_kept(busy: Cast, owen: PageClient) -> None:
    response = ledger(owen, busy, **{"from": "yesterday", "to": "31 2 2026"})
    assert errors(response) == [
        ("Enter a day, such as 27 3 2026", "#from"),
        ("Enter a day, such as 27 3 2026", "#to"),
    ]
    assert 'value="yesterday"' in response.content.decode()
    assert rows(response) == []
    assert errors(ledger(owen, busy, **{"from": "2 3 2026", "to": "1 3 2026"})) == [
        ("The last day must not be before the first", "#to")
    ]


def test_pages_stay_as_they_are_while_entries_come(busy: Cast, owen: PageClient) -> None:
    for number in range(60):
        do(busy.firm, RenameGroup(group=VAT_GROUP, to=f"Name {number}"))
    first = ledger(owen, busy)
    second = link_to_page(first, 2)
    before = owen.get(second)
    do(busy.firm, RenameGroup(group=VAT_GROUP, to="Once more"))
    after = owen.get(second)
    assert numbers(after) == numbers(before)
    assert not set(numbers(first)) & set(numbers(before))
    newest = owen.get(link(after, "1 entry has come since: show the newest"))
    assert len(told(newest)) == 50


def link_to_page(response: Any, number: int) -> str:
    marks = response.content.decode().split(f'aria-label="Page {number}"')[0]
    return str(marks.rsplit('href="', 1)[1].split('"', 1)[0].replace("&amp;", "&"))


def test_self_access_is_marked(busy: Cast, owen: PageClient) -> None:
    do(busy.firm, AddToGroup(group=VAT_GROUP, members=frozenset({OWEN})), OWEN)
    assert "Gave themselves access" in told(ledger(owen, busy))[0]
    assert "By this its maker could see clients that they could not see before" in text(entry(owen, busy))


def test_an_entry_says_when_by_whom_and_why(busy: Cast, owen: PageClient) -> None:
    response = entry(owen, busy)
    assert heading(response) == "Access group renamed"
    said = text(response)
    assert "By whom Owen" in said
    assert "Reason given They asked for it" in said
    assert "Name: VAT people (before: VAT team)" in said


def test_an_entry_of_another_firm_or_of_the_future_is_not_there(busy: Cast, owen: PageClient) -> None:
    assert entry(owen, busy, last_entry(busy) + 1).status_code == 404
    # Larks has an entry of that number, and Owen has no place there.
    assert owen.get(reverse("ledger-entry", args=[busy.other, 1])).status_code == 404


def test_a_tax_reference_is_masked_for_who_may_not_open_it(
    busy: Cast, owen: PageClient, ada: PageClient
) -> None:
    do(busy.firm, ChangeEngagement(engagement=FORTUNE_VAT, reference="GB 555 1987 22"))
    # Ada reads no record, Owen is not in the group.
    for reader in (owen, ada):
        said = text(entry(reader, busy))
        assert "Tax reference: ending in 8722 (before: ending in 6789)" in said
        assert "555" not in said
    do(busy.firm, TurnOff())
    assert "Tax reference: GB 555 1987 22" in text(entry(owen, busy, last_entry(busy) - 1))


def test_what_an_entry_gave_to_many_is_named_in_pages(busy: Cast, owen: PageClient) -> None:
    add_clients(busy.firm, 120)
    some = On.client(*range(7, 127))
    do(busy.firm, SetGrant(to=(member_subject(DILYS),), on=some, level=Level.EDITOR), OWEN)
    page = owen.get(link(entry(owen, busy), "See all 120 clients"))
    assert "Showing 1 to 50 of 120 clients" in text(page)
    found = owen.get(link(entry(owen, busy), "See all 120 clients"), {"search": "C0100"})
    assert [row[0] for row in rows(found)] == ["Client 0100"]


def test_members_named_by_an_entry_are_searched_too(busy: Cast, owen: PageClient) -> None:
    do(busy.firm, AddToGroup(group=VAT_GROUP, members=frozenset({OWEN, DILYS, CAI, 5})))
    do(busy.firm, SetGrant(to=(group_subject(EVERYONE),), on=On.client(BAKER), level=Level.EDITOR))
    added = entry(owen, busy, last_entry(busy) - 1)
    assert "Owen, Dilys, Enid joined VAT people" in text(added)


def test_who_was_erased_has_no_name_in_the_ledger(busy: Cast, owen: PageClient) -> None:
    do(busy.firm, DeactivateMember(member=CAI))
    erase_member(busy.firm, CAI, actor=OPERATOR)
    said = text(ledger(owen, busy))
    assert "a former team member was deactivated" in said
    assert "Team member’s name and address erased" in said


def test_the_entries_found_are_taken_as_a_list_with_the_same_rows(busy: Cast, owen: PageClient) -> None:
    do(busy.firm, RenameGroup(group=VAT_GROUP, to="=cmd|' /C calc'!A0"))
    page = ledger(owen, busy, kind="group.rename")
    taken = owen.get(link(page, "Take these entries as CSV"))
    assert taken["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="ledger-' in taken["Content-Disposition"]
    head, *lines = csv.reader(io.StringIO(taken.content.decode("utf-8-sig")))
    assert head[:4] == ["Entry", "When", "By whom", "What was done"]
    assert [(line[0], line[3]) for line in lines] == [
        (str(last_entry(busy) - 1), "Access group renamed"),
        (str(last_entry(busy) - 2), "Access group renamed"),
    ]
    assert all(not cell.startswith("=") for line in lines for cell in line)
    noted = LedgerEntry.objects.get(firm=busy.firm, number=last_entry(busy))
    assert (noted.command, noted.actor) == ("export.take", OWEN)
    assert b'"rows":2' in bytes(noted.body)
    assert Export.LEDGER.value.encode() in bytes(noted.body)


def test_the_same_list_is_taken_as_a_workbook(busy: Cast, owen: PageClient) -> None:
    taken = owen.get(link(ledger(owen, busy), "Take these entries as XLSX"))
    assert taken.content.startswith(b"PK")
    assert taken["Content-Disposition"].endswith('.xlsx"')


def test_where_nothing_is_found_there_is_nothing_to_take(busy: Cast, owen: PageClient) -> None:
    response = ledger(owen, busy, client="nowhere at all")
    assert "Nothing found in the ledger" in text(response)
    assert "Take these entries" not in text(response)
    assert owen.get(reverse("ledger-csv", args=[busy.firm]), {"client": "nowhere at all"}).status_code == 302
