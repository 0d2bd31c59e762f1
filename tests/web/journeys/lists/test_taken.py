"""Lists taken out of pages: the rows of the page, what the reader may see of them, noted in the ledger."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from ringfence.access import entries
from ringfence.core.commands.definitions import On, SetGrant
from ringfence.core.events import ExportTaken
from ringfence.core.terms import Export, Level, member_subject
from ringfence.lists.files.source import InMemory
from ringfence.lists.files.table import read_table
from ringfence.web.browse import downloads
from tests.web.cast import BAKER, CAI, DILYS, OWEN, VAT, Cast, do, grouped
from tests.web.reading import document, heading, link

if TYPE_CHECKING:
    from tests.web.checks import PageClient


def rows_of(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def take(client: PageClient, cast: Cast, page: str, words: str, *place: int, **asked: str | int) -> Any:
    """The file behind a link of a page."""
    shown = client.get(reverse(page, args=[cast.firm, *place]), asked)
    return client.get(link(shown, words))


def test_the_clients_of_the_page_are_taken_out_with_its_search(cai: PageClient, cast: Cast) -> None:
    grouped(cast.firm)
    answer = take(cai, cast, "clients", "Take this list out as CSV", service=VAT)
    assert rows_of(answer) == [
        ["Client reference", "Client name", "Client type", "Confidential", "Service", "Tax reference"],
        ["B-01", "Baker & Sons", "", "no", "VAT", "GB 987 6543 21"],
        ["F500", "Fortune 500", "", "no", "VAT", "GB 123 4567 89"],
        ["F500", "Fortune 500", "", "no", "Income Tax", "1234567890"],
        ["Q'1", 'Quoted "Ltd" <b>', "", "no", "VAT", ""],
    ]


def test_what_a_member_cannot_open_is_in_no_file_of_theirs(dilys: PageClient, cast: Cast) -> None:
    grouped(cast.firm)
    lines = rows_of(take(dilys, cast, "clients", "Take this list out as CSV"))
    assert ["F500", "Fortune 500", "", "no", "Income Tax", "1234567890"] in lines
    assert not any("GB 123 4567 89" in line for line in lines)


def test_a_list_taken_out_is_noted_in_the_ledger_by_whoever_took_it(cai: PageClient, cast: Cast) -> None:
    answer = take(cai, cast, "clients", "Take this list out as CSV")
    last = list(entries(cast.firm))[-1]
    assert last.actor.member == CAI
    assert last.events == (ExportTaken(what=Export.CLIENTS, rows=len(rows_of(answer)) - 1),)


def test_a_workbook_holds_the_same_rows(cai: PageClient, cast: Cast) -> None:
    lines = rows_of(take(cai, cast, "clients", "Take this list out as CSV"))
    book = take(cai, cast, "clients", "Take this list out as XLSX")
    table = read_table(InMemory("clients.xlsx", book.content))
    assert [list(map(str, row.cells)) for row in table.rows] == lines[1:]


def test_who_can_open_which_client_has_a_row_for_each_pair_with_how(owen: PageClient, cast: Cast) -> None:
    grouped(cast.firm)
    answer = take(
        owen, cast, "client-access-list", "Take out who can open these as CSV", search="Fortune", service=VAT
    )
    lines = rows_of(answer)
    assert lines[0] == [
        *("Team member", "E-mail address", "Client reference", "Client name"),
        *("Level", "Services", "By what"),
    ]
    found = {line[0]: line[2:] for line in lines[1:]}
    assert found["Cai"][:2] == ["F500", "Fortune 500"]
    assert found["Cai"][3:] == [
        "VAT, Income Tax",
        "VAT: Access group VAT team; Income Tax: Open to everybody",
    ]
    assert found["Dilys"][3:] == ["Income Tax", "Open to everybody"]
    assert "Enid" not in found


def test_what_one_member_reaches_is_taken_out(owen: PageClient, cast: Cast) -> None:
    grouped(cast.firm)
    lines = rows_of(take(owen, cast, "member-clients", "Take this list out as CSV", CAI))
    assert len(lines) == 1 + 6
    assert ["B-01", "Baker & Sons", lines[1][2], "VAT", "Open to everybody"] in lines


def test_what_one_member_reaches_by_one_way_is_taken_out(owen: PageClient, cast: Cast) -> None:
    grouped(cast.firm)
    page = owen.get(reverse("member", args=[cast.firm, CAI]))
    (by,) = re.findall(r"by=(group-group-\d+)", page.content.decode())
    lines = rows_of(take(owen, cast, "member-clients", "Take this list out as CSV", CAI, by=by))
    assert lines[0][-1] == "By what or why not"
    assert [line[1] for line in lines[1:]] == ["Fortune 500"]
    assert lines[1][3:] == [
        "VAT, Income Tax",
        "VAT: Access group VAT team; Income Tax: Open to everybody",
    ]


def test_what_one_member_cannot_open_is_taken_out_with_why(owen: PageClient, cast: Cast) -> None:
    grouped(cast.firm)
    do(cast.firm, SetGrant(to=(member_subject(DILYS),), on=On.client(BAKER), level=Level.BLOCKED))
    lines = rows_of(take(owen, cast, "member-clients", "Take this list out as CSV", DILYS, show="closed"))
    (line,) = lines[1:]
    assert line == ["B-01", "Baker & Sons", "No access", "VAT", "Blocked personally"]


def test_everybodys_access_is_taken_out_by_its_readers_alone(
    cai: PageClient, ada: PageClient, cast: Cast
) -> None:
    for name, *place in (("take-access",), ("take-reach", OWEN)):
        address = reverse(name, args=[cast.firm, *place, "csv"])
        assert cai.get(address).status_code == 403
        assert ada.get(address).status_code == 200
    assert ada.get(reverse("take-access", args=[cast.firm, "pdf"])).status_code == 404


@pytest.fixture
def short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MOST_ROWS", 4)


@pytest.mark.parametrize(
    ("route", "place", "parts"), [("take-clients", (), 2), ("take-access", (), 5), ("take-reach", (CAI,), 2)]
)
def test_a_list_too_long_for_a_file_is_taken_out_in_parts_that_make_the_whole(
    route: str, place: tuple[int, ...], parts: int, owen: PageClient, cast: Cast, short_files: None
) -> None:
    grouped(cast.firm)
    address = reverse(route, args=[cast.firm, *place, "csv"])
    page = owen.get(address)
    assert heading(page) == "Take this list out in parts"
    links = [each.get("href") for each in document(page).iter("a") if "part=" in each.get("href")]
    assert len(links) == parts
    together = [line for each in links for line in rows_of(owen.get(each))[1:]]
    downloads.MOST_ROWS = 1_000
    assert together == rows_of(owen.get(address))[1:]


def test_the_parts_keep_the_search_and_say_which_they_are(
    owen: PageClient, cast: Cast, short_files: None
) -> None:
    address = reverse("take-access", args=[cast.firm, "csv"])
    page = owen.get(address, {"service": VAT})
    second = link(page, "Part 2: 5 to 8")
    assert second == f"{address}?service={VAT}&part=2"
    assert 'filename="who-can-open-part-2-of-' in owen.get(second)["Content-Disposition"]
    assert heading(owen.get(address, {"part": "99"})) == "Take this list out in parts"
