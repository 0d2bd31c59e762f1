"""Lists brought in through pages: sent, columns named, checked, previewed, saved; and what keeps them out."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
import python_calamine
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from ringfence.access import entries
from ringfence.access.imported_lists import file_of
from ringfence.core.commands.definitions import (
    AddClient,
    AddService,
    ChangeMember,
    ClientRow,
)
from ringfence.firms.models import Client, ListPart, ListUpload, Service
from ringfence.lists.uploads import steps
from ringfence.lists.uploads.keeping import sweep
from ringfence.lists.uploads.stages import MOST_BYTES, UploadPart
from tests.lists.files.raw_xls import compound
from tests.lists.test_cases import CASES
from tests.support.jobs import do_waiting
from tests.web.cast import OWEN, Cast, do, grouped
from tests.web.reading import document, errors, heading, link, rows, text, value

if TYPE_CHECKING:
    from tests.web.checks import PageClient

NEW = b"Client reference,Client name,VAT\nN-01,Northern Pots,GB111222333\nN-02,Sands & Sons,\n"


def send(
    client: PageClient, cast: Cast, content: bytes, *, kind: str = "clients", name: str = "new.csv"
) -> Any:
    """The answer to a file that is sent."""
    address = reverse("add-list", args=[cast.firm, kind])
    return client.post(address, {"file": SimpleUploadedFile(name, content)})


def sent(client: PageClient, cast: Cast, content: bytes, **options: str) -> str:
    """The address of a list that was sent and looked at."""
    answer = send(client, cast, content, **options)
    assert answer.status_code == 302, errors(answer)
    do_waiting()
    return str(answer["Location"])


def press(client: PageClient, address: str, go: str, **fields: str) -> Any:
    """The page after a button was pressed and the background has done its part."""
    page = client.get(address)
    form = {name: value(page, name) for name in ("turn",)} | {"go": go}
    chosen = {
        each.get("name"): next(
            (option.get("value") for option in each.iter("option") if "selected" in option.attrib), ""
        )
        for each in document(page).iter("select")
    }
    client.post(address, chosen | form | fields)
    do_waiting()
    return client.get(address)


def workbook(*sheets: Sequence[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        for rows_of_sheet in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows_of_sheet):
                sheet.write_row(number, 0, row)
    return file.getvalue()


def list_of(content: bytes) -> list[list[Any]]:
    """The rows of the first sheet of a workbook."""
    return python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def names(cast: Cast) -> set[str]:
    return set(Client.objects.filter(firm=cast.firm).values_list("name", flat=True))


def test_a_list_is_sent_checked_previewed_and_saved(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    page = owen.get(address)
    assert heading(page) == "Say what the columns are"
    assert "Northern Pots" in text(page)
    page = press(owen, address, "columns")
    assert heading(page) == "Check what the list does"
    assert rows(page) == [["Clients", "2", "0", "0"]]
    assert "Row 2: N-01 Northern Pots (VAT GB111222333)" in text(page)
    assert "Northern Pots" not in names(cast)
    page = press(owen, address, "save")
    assert heading(page) == "The list is saved"
    assert {"Northern Pots", "Sands & Sons"} <= names(cast)
    last = list(entries(cast.firm))[-1]
    assert (last.command, last.actor.member, last.reason) == ("client.import", OWEN, "new.csv")
    assert f"entry {last.number} of the ledger" in text(page)
    assert file_of(cast.firm, last.number) == NEW
    entry = owen.get(link(page, "What the list did"))
    assert "2 clients added" in text(entry)


def test_saved_twice_it_is_saved_once(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    page = press(owen, address, "columns")
    form = {"go": "save", "turn": value(page, "turn")}
    owen.post(address, form)
    owen.post(address, form)
    do_waiting()
    assert Client.objects.filter(firm=cast.firm, name="Northern Pots").count() == 1
    assert heading(owen.get(address)) == "The list is saved"


def test_what_each_column_is_can_be_said(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, b"Our number,Who\nN-01,Northern Pots\n")
    page = press(owen, address, "columns")
    assert errors(page) == []
    answer = owen.post(address, {"go": "columns", "turn": value(owen.get(address), "turn")})
    assert errors(answer) == [
        (
            "There is no column for the client reference. The headers are: Our number, Who. Say which of "
            "them is meant.",
            "#column-0",
        )
    ]
    press(owen, address, "columns", **{"column-0": "reference", "column-1": "name"})
    press(owen, address, "save")
    assert "Northern Pots" in names(cast)


def test_another_sheet_and_header_can_be_chosen(owen: PageClient, cast: Cast) -> None:
    book = workbook(
        [["Client reference", "Client name"], ["A-1", "Old Pots"]],
        [["Report"], ["Client reference", "Client name"], ["N-01", "Northern Pots"]],
    )
    address = sent(owen, cast, book, name="two.xlsx")
    assert "Old Pots" in text(owen.get(address))
    page = press(owen, address, "again", sheet="Sheet2", header="0")
    assert "Northern Pots" in text(page)
    assert "Read from the sheet “Sheet2”. The header is row 2." in text(page)


def test_faults_of_one_kind_are_one_line_and_all_can_be_taken_out(owen: PageClient, cast: Cast) -> None:
    lines = "".join(f"N-{number:02},Firm {number},GB 980 7806 84\n" for number in range(1, 31))
    address = sent(owen, cast, b"Client reference,Client name,VAT\n" + lines.encode())
    page = press(owen, address, "columns")
    assert heading(page) == "Something in the list has to be put right"
    assert "Rows 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 19 more, VAT: " in text(page)
    answer = owen.get(link(page, "Take all of it out as a file (CSV)"))
    first, second, *others = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert first == ["Row", "Column", "What stands there", "What is wrong and what to do"]
    assert second[:3] == ["3", "VAT", "GB 980 7806 84"]
    assert second[3].startswith("“GB 980 7806 84” for VAT is already in row 2.")
    assert len(others) == 28
    workbook = owen.get(link(page, "Take all of it out as a file (XLSX)"))
    assert list_of(workbook.content)[:2] == [first, second]
    assert names(cast) & {"Firm 1"} == set()


def test_a_service_that_the_firm_lacks_is_added_with_the_list(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, b"Client reference,Client name,PAYE\nN-01,Northern Pots,120/A1\n")
    page = press(owen, address, "columns")
    assert "Which of these services do you want to add to your firm?" in text(page)
    page = press(owen, address, "settle", service="PAYE")
    assert "Services that are added to your firm PAYE (1 row)" in text(page)
    press(owen, address, "save")
    assert "Northern Pots" in names(cast)
    assert [entry.command for entry in entries(cast.firm)][-2:] == ["service.add", "client.import"]


TWO_SERVICES = b"Client reference,Client name,Services\nN-01,Northern Pots,Wills; Probat\nN-02,Sands,Wills\n"


def test_of_the_services_that_the_firm_lacks_those_are_added_that_are_ticked(
    owen: PageClient, cast: Cast
) -> None:
    address = sent(owen, cast, TWO_SERVICES)
    page = press(owen, address, "columns")
    assert "Wills 2 rows" in text(page)
    assert "Probat 1 row" in text(page)
    page = press(owen, address, "settle", service="Wills")
    assert heading(page) == "Something in the list has to be put right"
    assert "The firm has no service “Probat”." in text(page)
    page = press(owen, address, "settle", service="Probat")
    assert "Wills (2 rows) Probat (1 row)" in text(page)
    page = press(owen, address, "unsettle")
    assert "Wills 2 rows" in text(page)
    assert set(Service.objects.filter(firm=cast.firm).values_list("name", flat=True)) & {"Wills"} == set()


def test_nothing_ticked_and_nothing_chosen_is_told(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, TWO_SERVICES)
    page = press(owen, address, "columns")
    answer = owen.post(address, {"go": "settle", "turn": value(page, "turn"), "service": "Other"})
    assert errors(answer) == [("Select what is to be done", "#service")]


def test_who_may_not_add_services_is_told_who_can(cai: PageClient, cast: Cast) -> None:
    address = sent(cai, cast, TWO_SERVICES)
    page = press(cai, address, "columns")
    assert "Wills (2 rows) Probat (1 row)" in text(page)
    assert "Only administrators can add services." in text(page)
    assert "Owen" in text(page)
    assert "Which of these services" not in text(page)
    page = press(cai, address, "settle", service="Wills")
    assert heading(page) == "Something in the list has to be put right"
    assert not Service.objects.filter(firm=cast.firm, name="Wills").exists()


def test_a_column_of_many_services_that_the_firm_lacks_is_told_in_part(owen: PageClient, cast: Cast) -> None:
    """As where names are taken for services: a page of thousands could neither be read nor sent."""
    lines = "".join(f"N{number},New {number},Service {number}\n" for number in range(2_000))
    address = sent(owen, cast, f"Client reference,Client name,Service\n{lines}".encode())
    page = press(owen, address, "columns")
    assert len([each for each in document(page).iter("input") if each.get("name") == "service"]) == 50
    assert "and 1,950 more" in text(page)
    page = press(owen, address, "settle", service="Service 7")
    assert "and 1,949 more" in text(page)


def test_who_may_not_add_services_cannot_ask_for_them_by_hand(cai: PageClient, cast: Cast) -> None:
    address = sent(cai, cast, b"Client reference,Client name,Service\nN1,New,Payroll\n")
    press(cai, address, "columns")
    turn = ListUpload.objects.get().turn
    for tick in ({}, {"service": "Payroll"}, {"settled": "first"}):
        answer = cai.post(address, {"turn": str(turn), "go": "settle", **tick})
        assert (answer.status_code, answer["Location"]) == (302, address)
    assert ListUpload.objects.get().turn == turn


CONTRADICTING = b"""Client reference,Client name,Client type,Service
N-01,Northern Pots,Ltd,VAT
N-01,Northern Pots Ltd,Ltd,Income Tax
"""


@pytest.mark.parametrize(
    ("settled", "name", "passed_over"),
    [("first", "Northern Pots", "Northern Pots Ltd"), ("last", "Northern Pots Ltd", "Northern Pots")],
)
def test_the_first_or_the_last_row_of_a_client_settles_its_name(
    owen: PageClient, cast: Cast, settled: str, name: str, passed_over: str
) -> None:
    address = sent(owen, cast, CONTRADICTING)
    page = press(owen, address, "columns")
    assert "Where rows of one client contradict one another" in text(page)
    page = press(owen, address, "settle", settled=settled)
    assert f"“{passed_over}” is passed over for “{name}”" in text(page)
    press(owen, address, "save")
    assert name in names(cast)


def test_a_tax_reference_that_can_hardly_be_right_is_shown_and_saved(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    page = press(owen, address, "columns")
    assert "To be looked at Row 2, VAT: “GB111222333” for VAT has a wrong digit somewhere" in text(page)
    press(owen, address, "save")
    assert "Northern Pots" in names(cast)


def test_what_stands_in_the_rows_of_a_kind_is_shown_beside_them(owen: PageClient, cast: Cast) -> None:
    lines = "".join(f"N-{number:03},Firm {number},{number:010}\n" for number in range(10, 130))
    address = sent(owen, cast, b"Client reference,Client name,VAT\n" + lines.encode())
    page = press(owen, address, "columns")
    assert "and 110 more, VAT: For example row 2: “0000000010” for VAT" in text(page)
    assert "What stands in the first 100 rows" in text(page)
    assert "101: 0000000109" in text(page)
    assert "0000000110" not in text(page)


def test_a_page_of_five_thousand_faults_is_light(owen: PageClient, cast: Cast) -> None:
    lines = "".join(
        f"N-{number % 5000},Client {number},{number},Service {number % 300}\n" for number in range(10_000)
    )
    address = sent(owen, cast, b"Client reference,Client name,VAT,Service\n" + lines.encode())
    page = press(owen, address, "columns")
    assert "5,000 rows are wrong" in text(page)
    assert len(gzip.compress(page.content, 6)) < 60_000


def test_a_firm_that_was_changed_meanwhile_is_previewed_again(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    press(owen, address, "columns")
    do(cast.firm, AddClient(client=ClientRow(name="Northern Pots", reference="N-01")))
    page = press(owen, address, "save")
    assert heading(page) == "Check what the list does"
    assert "The firm was changed after you looked at this list." in text(page)
    assert rows(page) == [["Clients", "1", "1", "0"]]
    assert "Sands & Sons" not in names(cast)
    page = press(owen, address, "save")
    assert heading(page) == "The list is saved"
    assert "Sands & Sons" in names(cast)


def test_who_loses_what_and_what_closes_is_shown_before_access_is_saved(owen: PageClient, cast: Cast) -> None:
    grouped(cast.firm)
    content = b"""Client reference,Service,Email,Level
F500,Income Tax,dilys@pike.example,editor
B-01,,dilys@pike.example,editor
"""
    address = sent(owen, cast, content, kind="access", name="access.csv")
    told = text(press(owen, address, "columns"))
    assert "team members lose access 2" in told
    assert "Cai: Baker & Sons, Fortune 500 (Income Tax)" in told
    assert (
        "What becomes closed: only those who were given access can open it Baker & Sons Fortune 500" in told
    )
    press(owen, address, "save")
    assert list(entries(cast.firm))[-1].command == "grant.set"


def test_while_control_is_off_the_preview_says_what_access_does_later(owen: PageClient, cast: Cast) -> None:
    content = b"Client reference,Email,Level\nB-01,dilys@pike.example,editor\n"
    address = sent(owen, cast, content, kind="access", name="access.csv")
    told = text(press(owen, address, "columns"))
    assert "Nobody’s access changes yet." in told
    assert "Once you turn on access groups" in told
    assert "Cai: Baker & Sons" in told


def test_a_list_is_taken_back_at_any_time(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    page = owen.post(address, {"go": "cancel"}, follow=True)
    assert "The list new.csv is taken back." in page.content.decode()
    assert (ListUpload.objects.count(), ListPart.objects.count()) == (0, 0)
    assert owen.get(address).status_code == 404


def test_a_list_taken_back_while_it_is_saved_is_not_saved(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    page = press(owen, address, "columns")
    owen.post(address, {"go": "save", "turn": value(page, "turn")})
    owen.post(address, {"go": "cancel"})
    do_waiting()
    assert "Northern Pots" not in names(cast)


def test_what_the_background_is_at_is_shown(owen: PageClient, cast: Cast) -> None:
    address = str(send(owen, cast, NEW)["Location"])
    ListUpload.objects.update(doing="check", done=5000, count=20000)
    page = owen.get(address)
    assert heading(page) == "Your list is being worked on"
    assert "Checking the rows: 5,000 of 20,000 rows" in text(page)


def test_what_an_older_version_found_in_a_list_is_there_no_more(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    press(owen, address, "columns")
    older = msgspec.msgpack.encode({"faults": [{"line": 2, "column": "VAT", "code": "formula"}]})
    ListPart.objects.filter(name=UploadPart.CHECKED).update(content=older)
    assert owen.get(address).status_code == 404
    owen.post(address, {"go": "cancel"})
    assert ListUpload.objects.count() == 0


def test_a_list_lapses_after_a_day(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    ListUpload.objects.update(changed_at=timezone.now() - timedelta(hours=25))
    assert owen.get(address).status_code == 404
    assert sweep() == 1
    assert ListPart.objects.count() == 0


def test_only_its_member_and_administrators_see_a_list(
    cai: PageClient, owen: PageClient, dilys: PageClient, cast: Cast
) -> None:
    address = sent(cai, cast, NEW)
    assert dilys.get(address).status_code == 404
    assert dilys.get(reverse("lists", args=[cast.firm])).content.decode().count("new.csv") == 0
    assert "new.csv" in text(owen.get(reverse("lists", args=[cast.firm])))
    page = owen.get(address)
    assert page.status_code == 200
    assert owen.post(address, {"go": "columns", "turn": "2"}).status_code == 403
    owen.post(address, {"go": "cancel"})
    assert cai.get(address).status_code == 404


def test_what_stands_in_the_rows_of_a_list_is_for_its_member_alone(
    cai: PageClient, owen: PageClient, cast: Cast
) -> None:
    grouped(cast.firm)
    whole = "GB 999 4567 89"
    address = sent(cai, cast, f"Client reference,Client name,VAT\nF500,Fortune 500,{whole}\n".encode())
    assert whole in text(cai.get(address))
    assert whole not in owen.get(address).content.decode()
    assert "Check what the list does" in heading(press(cai, address, "columns"))
    preview = owen.get(address).content.decode()
    assert "GB 123 4567 89" in text(cai.get(address))
    assert whole not in preview
    assert "GB 123 4567 89" not in preview


def test_what_is_wrong_with_the_rows_of_a_list_is_for_its_member_alone(
    cai: PageClient, owen: PageClient, cast: Cast
) -> None:
    grouped(cast.firm)
    address = sent(cai, cast, b"Client reference,Client name,VAT\nF500,Fortune 500,GB 1\nF500,Other,GB 2\n")
    press(cai, address, "columns")
    faults = reverse("list-faults", args=[cast.firm, int(address.rpartition("/")[2]), "csv"])
    assert "F500" in cai.get(faults).content.decode()
    assert "F500" not in owen.get(address).content.decode()
    assert owen.get(faults).status_code == 404
    assert cai.get(faults.replace(".csv", ".pdf")).status_code == 404


def test_who_may_add_clients_brings_in_clients_alone(cai: PageClient, ada: PageClient, cast: Cast) -> None:
    page = cai.get(reverse("lists", args=[cast.firm]))
    assert "Clients" in text(page)
    assert cai.get(reverse("add-list", args=[cast.firm, "members"])).status_code == 403
    assert cai.get(reverse("add-list", args=[cast.firm, "access"])).status_code == 403
    assert ada.get(reverse("lists", args=[cast.firm])).status_code == 403
    address = sent(cai, cast, NEW)
    press(cai, address, "columns")
    press(cai, address, "save")
    assert "Northern Pots" in names(cast)


def test_a_list_is_judged_by_what_its_member_may_do_when_it_is_saved(cai: PageClient, cast: Cast) -> None:
    address = sent(cai, cast, NEW)
    page = press(cai, address, "columns")
    cai.post(address, {"go": "save", "turn": value(page, "turn")})
    do(cast.firm, ChangeMember(member=3, access=False))
    do_waiting()
    assert "Northern Pots" not in names(cast)


def bomb() -> bytes:
    """A workbook of a few kilobytes whose sheet says that it unpacks to gigabytes."""
    file = io.BytesIO(workbook([["Client reference", "Client name"]]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", bytes(2**22))
    content = file.getvalue()
    small, large = (2**22).to_bytes(4, "little"), (2**31).to_bytes(4, "little")
    return content.replace(small, large)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: b"%PDF-1.7 x", "This is a PDF, not a list."),
        (lambda: b"", "The file is empty."),
        (
            lambda: compound({"EncryptedPackage": b"x"}),
            "The workbook is protected by a password.",
        ),
        (lambda: bytes(MOST_BYTES + 1), "The file is larger than 20 MB."),
        (bomb, "A part of the workbook (xl/worksheets/sheet9.xml) unpacks to more than 512 MB."),
    ],
    ids=["a PDF", "empty", "a password", "too large", "a bomb"],
)
def test_a_file_that_is_no_list_is_refused_at_once(
    make: Callable[[], bytes], told: str, owen: PageClient, cast: Cast
) -> None:
    answer = send(owen, cast, make(), name="list.xlsx")
    assert answer.status_code == 422
    [(said, where)] = errors(answer)
    assert said.startswith(told)
    assert where == "#file"
    assert ListUpload.objects.count() == 0


@pytest.mark.parametrize("name", ["sheetjs-biff8.xls", "sheetjs.xlsb"])
def test_a_binary_workbook_is_looked_at(name: str, owen: PageClient, cast: Cast) -> None:
    page = owen.get(sent(owen, cast, (CASES / name).read_bytes(), name=name))
    assert heading(page) == "Say what the columns are"
    assert "Acme Ltd" in text(page)


def test_no_file_at_all_is_told(owen: PageClient, cast: Cast) -> None:
    answer = owen.post(reverse("add-list", args=[cast.firm, "clients"]), {})
    assert errors(answer) == [("Choose a file", "#file")]


def test_a_file_that_cannot_be_read_says_why(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, b'Client reference,Client name\nN-01,"Northern\n')
    page = owen.get(address)
    assert heading(page) in {"The list cannot be read", "Say what the columns are"}


def test_a_step_that_was_begun_twice_is_taken_once(owen: PageClient, cast: Cast) -> None:
    address = sent(owen, cast, NEW)
    upload = ListUpload.objects.get()
    steps.look(cast.firm, upload.pk, upload.turn)
    page = press(owen, address, "columns")
    steps.check(cast.firm, upload.pk, upload.turn)
    assert heading(page) == "Check what the list does"
    do(cast.firm, AddService(name="PAYE"))
