"""How a list was read is said on its pages and can be chosen: encoding, table, titles, totals, hidden."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists
from django.urls import reverse

from ringfence.jobs import list_stages
from tests.web.cast import Cast
from tests.web.journeys.lists.test_lists import NEW, press, send, sent
from tests.web.reading import document, errors, heading, link, rows, text

if TYPE_CHECKING:
    from tests.web.checks import PageClient

HEADER = "Client reference,Client name,VAT"
LIST = f"Our clients,,\n{HEADER}\nN-01,Northern Pots,GB1\nN-02,Sands,\n"
PAGE = (
    "<table><tr><td>About us</table><table><tr><td>Client reference<td>Client name"
    "<tr><td>N-01<td>Northern Pots<tr><td>N-02<td>Sands</table>"
)
MARKUP = (
    '<?xml version="1.0"?><ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<ss:Worksheet ss:Name="All"><ss:Table>'
    + "".join(
        f'<ss:Row><ss:Cell><ss:Data ss:Type="String">{one}</ss:Data></ss:Cell>'
        f'<ss:Cell><ss:Data ss:Type="String">{other}</ss:Data></ss:Cell></ss:Row>'
        for one, other in (("Client reference", "Client name"), ("N-01", "Northern Pots"), ("N-02", "Sands"))
    )
    + "</ss:Table></ss:Worksheet></ss:Workbook>"
)


def options(page: Any, name: str) -> list[str]:
    """What a select of the page offers."""
    (found,) = (each for each in document(page).iter("select") if each.get("name") == name)
    return [option.get("value", "") for option in found.iter("option")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PAGE, "Read from table 2 of the web page, as UTF-8 text. Not read: 1."),
        (MARKUP, "Read from the sheet “All”. The header is row 1."),
        (f"{HEADER}\nN-01,Northern Pots,\nN-02,Sands,\n".encode("utf-16"), "Read as UTF-16 text"),
    ],
)
def test_text_that_is_called_xls_is_brought_in_by_pages(
    owen: PageClient, cast: Cast, content: str | bytes, said: str
) -> None:
    held = content if isinstance(content, bytes) else content.encode()
    address = sent(owen, cast, held, name="export.xls")
    assert heading(owen.get(address)) == "Say what the columns are"
    page = press(owen, address, "columns")
    assert rows(page) == [["Clients", "2", "0", "0"]]
    assert said.split(".", maxsplit=1)[0] in text(page)


def test_another_table_of_a_web_page_can_be_chosen(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, PAGE.encode(), name="export.xls")
    page = owen.get(address)
    assert (options(page, "sheet"), options(page, "header")) == (["1", "2"], ["", "1", "2", "3"])
    page = press(owen, address, "again", sheet="1")
    assert "About us" in text(page)
    assert "Read from table 1 of the web page" in text(page)


def test_a_chosen_header_is_not_said_to_be_the_one_that_is_found(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, LIST.encode())
    assert "As it is found: row 2" in text(owen.get(address))
    page = press(owen, address, "again", header="1")
    assert "The header is row 1." in text(page)
    assert "As it is found: row" not in text(page)


def test_titles_and_totals_are_told_before_anything_is_saved(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, f"{LIST}Total,,2\n".encode())
    page = press(owen, address, "columns")
    assert rows(page) == [["Clients", "2", "0", "0"]]
    assert "Read as UTF-8 text; between the cells stands: Comma." in text(page)
    assert "Above the header, not read: row 1 (Our clients)." in text(page)
    assert "A total below the list, not read: row 5 (Total | 2)." in text(page)


def test_what_looks_like_a_total_is_read_as_a_row_on_one_press(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, f"{LIST}Total,42,\n".encode())
    page = press(owen, address, "columns")
    assert heading(page) == "Something in the list has to be put right"
    assert "This looks like a total or a note below the list." in text(page)
    page = press(owen, address, "totals")
    assert rows(page) == [["Clients", "3", "0", "0"]]


def test_hidden_rows_are_told_and_can_be_left_out(owen: PageClient, cast: Cast) -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(each.split(",") for each in LIST.splitlines()[1:]):
            sheet.write_row(number, 0, row)
        sheet.set_row(2, None, None, {"hidden": True})
        book.add_worksheet("Old").hide()
    address = sent(owen, cast, file.getvalue(), name="a.xlsx")
    page = press(owen, address, "columns")
    assert "The sheet hides these rows, and they are read all the same: 3." in text(page)
    assert "Hidden sheets, not read: Old." in text(page)
    press(owen, address, "back")
    press(owen, address, "again", without_hidden="yes")
    page = press(owen, address, "columns")
    assert rows(page) == [["Clients", "1", "0", "0"]]
    assert "The sheet hides these rows, and they are left out: 3." in text(page)


def test_an_encoding_that_cannot_be_told_is_asked_for(owen: PageClient, cast: Cast) -> None:
    content = f"{HEADER}\nN-01,Siân,\n".encode("mac_roman")
    address = sent(owen, cast, content)
    page = owen.get(address)
    assert heading(page) == "The list cannot be read"
    assert "Macintosh (Siân), DOS 850 (Siën)" in text(page)
    assert {"macintosh", "cp850"} <= set(options(page, "encoding"))
    assert "DOS 850" in [option.text for option in document(page).iter("option")]
    page = press(owen, address, "again", encoding="macintosh")
    assert "Siân" in text(page)


def test_how_a_list_was_read_is_for_its_member_alone(owen: PageClient, ada: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, f"{LIST}Total,,2\n".encode())
    press(owen, address, "columns")
    assert "Our clients" not in text(ada.get(address))


def test_what_a_list_does_also_once_control_is_on_is_said_once(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    told = text(press(owen, address, "columns"))
    assert told.count("Who gains access") == 1
    assert "It does the same once you turn on access groups." in told
    saved = press(owen, address, "save")
    assert link(saved, "Return to manage account") == reverse("manage", args=[cast.firm])


def test_lists_with_nothing_to_save_keep_nobody_from_another(
    owen: PageClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_stages, "MOST_OF_MEMBER", 1)
    address = sent(owen, cast, f"{HEADER}\n".encode())
    assert heading(press(owen, address, "columns")) == "There is nothing to save"
    assert send(owen, cast, NEW).status_code == 302


def test_who_has_as_many_lists_as_may_be_is_told(
    owen: PageClient, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_stages, "MOST_OF_MEMBER", 1)
    sent(owen, cast, NEW)
    assert errors(send(owen, cast, NEW)) == [
        (
            "No more than 1 lists may be on their way in. Save some of them, or take them back, first.",
            "#file",
        )
    ]
