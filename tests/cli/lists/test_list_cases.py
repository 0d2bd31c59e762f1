"""Lists that meet what the firm has: references that a spreadsheet changed, services, guesses, questions."""

import json
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types, and no stub package exists
from click.testing import CliRunner, Result

from ringfence.cli import main
from ringfence.cli.lists import importing
from ringfence.core.commands import On
from ringfence.core.terms import Level, group_subject, member_subject
from ringfence.lists.files.table import read_table
from tests.access.cast import found
from tests.cli.listing import Office, open_office, refuse, run, succeed
from tests.lists.lists import rows_of

CASES = Path(__file__).parents[2] / "lists" / "cases"
HEADER = "Code,Name,Type,VAT,PAYE\n"


@pytest.fixture
def office(db: None, tmp_path: Path) -> Office:
    return open_office(found(), tmp_path)


# --- References that a spreadsheet changed


def test_a_known_client_whose_reference_a_spreadsheet_changed_is_not_added_again(office: Office) -> None:
    succeed("import", "clients", CASES / "zero-firm.csv")
    said = refuse("import", "clients", CASES / "zero-firm-csv-export-through-libreoffice.xlsx")
    assert (
        "row 2, Client reference: “123” would be a new client, but the firm knows “Acme Ltd” as “00123”"
        in said
    )
    assert "row 4, Client reference: The spreadsheet holds this as a date" in said
    assert len(office.clients()) == 4


@pytest.mark.parametrize("changed", ["123", "0123", "123.0", "1.23E+02"])
def test_a_number_that_is_a_known_reference_is_no_new_client(office: Office, changed: str) -> None:
    office.imports("clients", HEADER + "00123,Acme,,,\n")
    office.refuses("clients", HEADER + f"{changed},acme,,,\n")


@pytest.mark.parametrize(
    ("known", "changed"),
    [("MAR1", "01-Mar"), ("3/4", "04/03/2026"), ("1E5", "100000"), ("2-5", "02/05/26")],
)
def test_a_day_that_was_a_known_reference_is_no_new_client(office: Office, known: str, changed: str) -> None:
    office.imports("clients", HEADER + f"{known},Acme,,,\n")
    assert f"as “{known}”" in office.refuses("clients", HEADER + f"{changed},Acme,,,\n")


@pytest.mark.parametrize("row", ["123,Other,,,", "124,Acme,,,", "A123,Acme,,,", "00123,Acme Ltd,,,"])
def test_what_is_not_alike_in_both_is_taken_as_it_stands(office: Office, row: str) -> None:
    office.imports("clients", HEADER + "00123,Acme,,,\n")
    assert "Saved" in office.imports("clients", HEADER + row + "\n")


def test_a_hidden_client_is_not_told_by_a_reference_like_its_own(office: Office) -> None:
    office.imports("clients", HEADER + "00123,Acme,,,\n")
    office.cast.member("Beth")
    office.cast.group("Partners", on=On.client(office.number("00123")))
    office.cast.turn_on()
    assert "Saved" in office.imports("clients", HEADER + "123,Acme,,,\n", "--as", "Beth")


def test_a_tax_reference_that_loses_its_zeros_is_remarked_on(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,0123456789,\n")
    said = office.imports("clients", HEADER + "A1,Acme,,123456789,\n")
    assert "“123456789” replaces “0123456789”" in said


def test_a_tax_reference_that_is_not_seen_is_not_told_by_a_remark(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,0123456789,\n")
    office.cast.group("Partners", on=On.client(office.number("A1")))
    office.cast.turn_on()
    said = office.imports("clients", HEADER + "A1,Acme,,123456789,\n", "--as", "Ann", "--dry-run")
    assert "0123456789" not in said


# --- What a member may not know


@pytest.mark.parametrize(
    "cells", [",120/A1", ",999/XX", ",yes", ",n", "GB1,120/A1"], ids=["right", "wrong", "bare", "no", "seen"]
)
def test_every_guess_of_a_service_that_is_not_seen_gets_the_same_answer(office: Office, cells: str) -> None:
    office.imports("clients", HEADER + "A1,Acme,,GB1,120/A1\nB1,Beta,,GB2,\n")
    beth = office.cast.member("Beth")
    others = office.cast.group("Payroll", on=On.client(office.number("A1")))
    office.cast.turn_on()
    vat = office.engagement("A1", "VAT")
    office.cast.grant(member_subject(beth), On.engagement(vat))
    assert group_subject(others)
    done = run("import", "clients", office.path(f"{HEADER}A1,Acme,,{cells}\n"), "--as", "Beth", "--dry-run")
    if cells == ",n":
        assert "Nothing to do" in done.output
    else:
        assert done.exit_code == 2
        assert "row 2: Refused, not_permitted: You need to be able to manage the whole client" in done.output


def test_a_guess_of_a_service_that_the_client_lacks_is_answered_alike(office: Office) -> None:
    office.cast.service("CIS")
    office.imports("clients", HEADER + "A1,Acme,,GB1,120/A1\n")
    beth = office.cast.member("Beth")
    office.cast.group("Payroll", on=On.client(office.number("A1")))
    office.cast.turn_on()
    office.cast.grant(member_subject(beth), On.engagement(office.engagement("A1", "VAT")), Level.OWNER)
    told = [
        office.refuses("clients", f"Code,Name,{service}\nA1,Acme,1\n", "--as", "Beth")
        for service in ("PAYE", "CIS")
    ]
    assert told[0] == told[1]


# --- Services that the firm lacks, rows that disagree


def test_services_that_the_firm_lacks_are_added_with_the_list(office: Office) -> None:
    text = "Code,Name,Services,CIS reference\nA1,Acme,Wills; Probate,CIS1\nB1,Beta,Wills,\n"
    assert "--add-services" in office.refuses("clients", text)
    said = office.imports("clients", text, "--add-services")
    assert "+ service Wills" in said
    assert office.services("A1") == {"Wills": "", "Probate": "", "CIS": "CIS1"}
    assert office.commands()[-4:] == ["service.add", "service.add", "service.add", "client.import"]
    assert office.whole()


def test_services_come_with_a_list_of_new_and_known_clients_alike(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,GB1,\n")
    office.imports("clients", "Code,Name,Services\nA1,Acme,Wills: W1\nB1,Beta,Wills\n", "--add-services")
    assert office.services("A1") == {"VAT": "GB1", "Wills": "W1"}
    assert "Nothing to do" in office.imports("clients", "Code,Name,Services\nA1,Acme,Wills\n")


def test_who_may_not_manage_adds_no_service_with_a_list(office: Office) -> None:
    office.cast.member("Beth")
    said = office.refuses("clients", "Code,Name,Services\nA1,Acme,Wills\n", "--add-services", "--as", "Beth")
    assert "The firm has no service “Wills”" in said
    assert "--add-services" not in said
    assert "Only administrators and principals add services. Ask one of them: Ann." in said


def test_many_rows_that_disagree_are_one_line_and_one_choice_settles_them(office: Office) -> None:
    rows = "".join(f"A{n % 7},Name {n},Ltd,S{n // 7},\n" for n in range(707))
    text = "Code,Name,Type,Service,Tax reference\n" + rows
    said = office.refuses("clients", text, "--add-services")
    assert len(said.splitlines()) < 6
    assert "rows 9, 10, 11, 12, 13," in said
    assert "680 more (--all lists each), Name: for example row 9: Row 2, the same client reference" in said
    assert "--first-row-counts" in said
    told = office.imports("clients", text, "--add-services", "--first-row-counts")
    assert "To be looked at:" in told
    assert [name for _, name, *_ in office.clients()] == [f"Name {n}" for n in range(7)]


def test_one_choice_does_not_settle_who_may_see_a_client(office: Office) -> None:
    text = "Code,Name,Confidential,Service\nA1,Acme,no,VAT\nA1,Acme,yes,PAYE\n"
    assert "says “no”" in office.refuses("clients", text, "--first-row-counts")


# --- One change


def test_a_new_client_may_be_given_what_another_gives_up(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,GB1,\n")
    office.imports("clients", HEADER + "C1,Gamma,,GB1,\nA1,Acme,,GB9,\n")
    assert (office.services("A1"), office.services("C1")) == ({"VAT": "GB9"}, {"VAT": "GB1"})
    assert office.whole()


def test_a_known_client_may_be_given_with_a_new_service_what_another_gives_up(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,GB1,\nB1,Beta,,,120/B\n")
    office.imports("clients", HEADER + "B1,Beta,,GB1,\nA1,Acme,,GB9,\n")
    assert (office.services("A1"), office.services("B1")) == ({"VAT": "GB9"}, {"PAYE": "120/B", "VAT": "GB1"})
    assert office.whole()


def test_what_another_client_keeps_is_not_given_again(office: Office) -> None:
    office.imports("clients", HEADER + "A1,Acme,,GB1,\nB1,Beta,,GB2,\n")
    office.refuses("clients", HEADER + "C1,Gamma,,GB1,\nA1,Acme,,,120/1\n")


def test_fee_splits_that_are_too_much_at_the_end_are_refused(db: None, tmp_path: Path) -> None:
    office = open_office(found(profile="practice"), tmp_path)
    office.imports("clients", "Code,Name\nO1,Owen\n")
    office.imports("members", "Name,Email\nBen,ben@sp.example\nCyd,cyd@sp.example\n")
    text = "Client code,Email,Level,Fee split\nO1,ben@sp.example,owner,60\nO1,cyd@sp.example,owner,50\n"
    assert "add up to more than 100" in office.refuses("access", text)


# --- What is told


def test_the_first_line_names_encoding_and_separator_and_both_can_be_told(office: Office) -> None:
    path = office.path("Code|Name\nA1|Siân\n".encode("mac_roman"))
    said = succeed("import", "clients", path, "--encoding", "macintosh", "--separator", "|")
    assert said.startswith("list.csv, Macintosh, separated by “|”: 1 row below the header in row 1")
    assert office.clients() == [("A1", "Siân", "", False)]


def test_words_are_named_where_nothing_proves_the_encoding(office: Office) -> None:
    path = office.path("Code,Name\nA1,Siân\n".encode("cp1252"))
    said = succeed("import", "clients", path, "--dry-run")
    assert "list.csv, Windows-1252, separated by commas" in said
    assert "Words to look at: Siân." in said


def test_other_sheets_and_columns_without_header_are_told(office: Office) -> None:
    said = succeed("import", "clients", CASES / "cover-sheet-first.xlsx", "--dry-run")
    assert "cover-sheet-first.xlsx, sheet “Clients”" in said
    assert "Other sheets, not read: Report" in said
    said = succeed("import", "clients", CASES / "side-note-without-header.xlsx", "--dry-run")
    assert "Not used, because they have no header: columns E" in said


def test_a_misspelt_kind_is_remarked_on_where_it_decides_the_service_of_a_utr(office: Office) -> None:
    for service in ("Income Tax", "Corporation Tax"):
        office.cast.service(service)
    text = "Code,Name,Type,UTR\nA1,Acme,Limitted,1234567890\nB1,Beta,Limited,1234567891\nC1,Jo,LLP,1\n"
    said = office.imports("clients", text, "--dry-run")
    assert "row 2, Type: “Limitted” is not a kind that is known here" in said
    assert "row 3, Type" not in said
    assert "row 4, Type" not in said


def test_a_tax_reference_of_letters_alone_is_remarked_on(office: Office) -> None:
    said = office.imports("clients", HEADER + "A1,Acme,,not yet,120/A1\n", "--dry-run")
    assert "row 2, VAT: “not yet” has no digit" in said


# --- Asking at a terminal


def at_terminal(monkeypatch: pytest.MonkeyPatch, answer: str, *arguments: str | Path) -> Result:
    """The command as somebody runs it who sits at a terminal and answers its questions."""
    monkeypatch.setattr(importing, "_somebody_is_there", lambda: True)
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, words, input=answer, prog_name="ringfence")


@pytest.mark.parametrize(("answer", "saved"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_at_a_terminal_the_preview_comes_first_and_then_a_question(
    office: Office, monkeypatch: pytest.MonkeyPatch, answer: str, saved: bool
) -> None:
    done = at_terminal(monkeypatch, answer, "import", "clients", office.path(HEADER + "A1,Acme,,,\n"))
    assert done.exit_code == 0
    assert done.output.index("+ row 2: A1 Acme") < done.output.index("Save this? [y/N]")
    assert bool(office.clients()) == saved
    assert ("Saved." if saved else "Nothing was saved.") in done.output


def test_yes_does_not_ask_and_a_dry_run_has_nothing_to_ask(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = office.path(HEADER + "A1,Acme,,,\n")
    dry = at_terminal(monkeypatch, "", "import", "clients", path, "--dry-run")
    assert "Save this?" not in dry.output
    done = at_terminal(monkeypatch, "", "import", "clients", path, "--yes")
    assert "Save this?" not in done.output
    assert office.clients() == [("A1", "Acme", "", False)]


def test_at_a_terminal_missing_services_are_offered(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    path = office.path("Code,Name,Services\nA1,Acme,Wills; Probate\n")
    done = at_terminal(monkeypatch, "n\n", "import", "clients", path)
    assert "The firm has no service Wills (1 row), Probate (1 row). Add with the list? [y/N]" in done.output
    assert done.exit_code == 2
    done = at_terminal(monkeypatch, "y\ny\n", "import", "clients", path)
    assert office.services("A1") == {"Wills": "", "Probate": ""}


# --- What is wrong, as a file


def faulty(count: int) -> str:
    return "Code,Name,VAT number\n" + "".join(f"A{n},Firm {n},GB 980 7806 84\n" for n in range(count))


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_all_that_is_wrong_or_odd_is_written_to_a_file(office: Office, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"faults.{suffix}"
    office.refuses("clients", faulty(500) + "B1,Beta,not yet\n", "--faults", str(path))
    rows = rows_of(read_table(path, is_header=lambda cells: cells[0] == "Row"))
    assert len(rows) == 500
    assert rows[0].cells[:3] == ("3", "VAT number", "GB 980 7806 84")
    assert rows[-1].cells[:3] == ("502", "VAT number", "not yet")


def test_a_file_of_faults_takes_no_other_form(office: Office, tmp_path: Path) -> None:
    said = office.refuses("clients", faulty(2), "--faults", str(tmp_path / "faults.pdf"))
    assert "End the file's name with one of them." in said


def test_either_the_first_or_the_last_row_counts(office: Office) -> None:
    text = "Code,Name,Service\nA1,Acme,VAT\nA1,Acme Ltd,PAYE\n"
    assert "Leave one of the two" in office.refuses(
        "clients", text, "--first-row-counts", "--last-row-counts"
    )
    office.imports("clients", text, "--last-row-counts")
    assert [name for _, name, *_ in office.clients()] == ["Acme Ltd"]


# --- How a list was read


def test_titles_totals_and_what_is_hidden_are_told(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Clients")
        rows = [["Our list"], ["Code", "Name"], ["A1", "Acme"], ["B2", "Beta"], ["Total"]]
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(1, 1, None, None, {"hidden": True})
        book.add_worksheet("Old").hide()
    said = succeed("import", "clients", path, "--dry-run")
    assert said.startswith("a.xlsx, sheet “Clients”: 2 rows below the header in row 2\n")
    assert "Above the header, not read: row 1 (Our list)\n" in said
    assert "A total below the list, not read: row 5 (Total) (--read-totals reads it)\n" in said
    assert "Hidden sheets, not read: Old\n" in said
    assert "Hidden on the sheet, and read all the same: row 4 (--without-hidden-rows leaves them out)" in said
    assert "Hidden on the sheet, and read all the same: columns B\n" in said
    said = succeed("import", "clients", path, "--dry-run", "--without-hidden-rows")
    assert "1 row below the header" in said
    assert "Hidden on the sheet, left out: row 4\n" in said
    assert "row 5, Name: " in refuse("import", "clients", path, "--read-totals")


def test_what_looks_like_a_total_is_a_fault_with_its_option(office: Office) -> None:
    said = office.refuses("clients", "Code,Name\nA1,Acme\nTotal,1\n")
    assert "row 3: This looks like a total or a note below the list." in said
    assert "--read-totals reads what looks like a total" in said
    office.imports("clients", "Code,Name\nA1,Acme\nTotal,1\n", "--read-totals")
    assert [reference for reference, *_ in office.clients()] == ["A1", "Total"]


def test_the_row_that_is_the_header_can_be_told(office: Office) -> None:
    text = "Code,Name\nCode,Name\nA1,Acme\n"
    assert "below the header in row 1" in office.imports("clients", text, "--header-row", "1", "--dry-run")
    said = office.refuses("clients", text, "--header-row", "9")
    assert "Row 9 cannot be the header. The first rows that hold anything are: 1, 2, 3." in said
    assert "Correct --header-row." in said


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("sheetjs-html.xls", "table 1 of the web page, UTF-8"),
        ("sheetjs-spreadsheetml2003.xls", "sheet “Clients”, UTF-8"),
        ("sheetjs-text.xls", "UTF-16, separated by tabs"),
    ],
)
def test_text_that_is_called_xls_is_imported(office: Office, name: str, form: str) -> None:
    said = succeed("import", "clients", CASES / name, "--map", "UTR=ignore")
    assert said.startswith(f"{name}, {form}: 2 rows below the header in row 1\n")
    assert [name for _, name, *_ in office.clients()] == ["Acme Ltd", "Siân Llŷr"]


def test_several_encodings_that_are_possible_are_named_with_the_option(office: Office) -> None:
    said = office.refuses("clients", "Code,Name\nA1,Siân\n".encode("mac_roman"))
    assert "Macintosh (Siân), DOS 850 (Siën)" in said
    assert "--encoding NAME says which encoding the file is in" in said


def test_the_report_for_programs_says_how_a_list_was_read(office: Office) -> None:
    path = office.path("Our list;;\nCode;Name;Note\nA1;Siân;x\nTotal;;1\n".encode("cp1252"))
    read = json.loads(succeed("import", "clients", path, "--dry-run", "--json"))["read"]
    assert read == {
        "as": "text",
        "encoding": "Windows-1252",
        "guessed": True,
        "separator": ";",
        "sheet": None,
        "header_row": 2,
        "above": [{"row": 1, "text": "Our list"}],
        "totals": [{"row": 4, "text": "Total | 1"}],
        "hidden_rows": [],
        "hidden_rows_left_out": False,
        "hidden_columns": [],
        "not_read": [],
        "columns": {"Code": "reference", "Name": "name"},
        "not_used": ["Note"],
    }
