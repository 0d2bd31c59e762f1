"""Client lists as rows: both layouts, merging, and each fault with its row and column."""

from pathlib import Path

import pytest

from ringfence.lists.faults import F, RowFault
from ringfence.lists.rows.client_rows import Settled
from tests.lists.lists import clients_in, save

HEADER = "Code,Client name,Type,Confidential,VAT number,UTR\n"


def only_fault(path: Path, *told: str) -> RowFault:
    (fault,) = clients_in(path, *told).faults
    return fault


def test_a_row_per_client_gives_a_service_for_each_filled_column(tmp_path: Path) -> None:
    reading = clients_in(save(tmp_path / "a.csv", HEADER + "A1,Acme,Partnership,no,GB1,111\nA2,Beta,,,,\n"))
    first, second = reading.rows
    assert first.services == {"VAT": "GB1", "Income Tax": "111"}
    assert (first.line, first.reference, first.name, first.kind) == (2, "A1", "Acme", "Partnership")
    assert first.confidential is False
    assert (second.services, second.kind, second.confidential) == ({}, None, None)


@pytest.mark.parametrize("kind", ["Ltd", "Limited Company", "PLC", "Cwmni"])
def test_a_companys_utr_is_for_corporation_tax(tmp_path: Path, kind: str) -> None:
    reading = clients_in(save(tmp_path / "a.csv", HEADER + f"A1,Acme,{kind},,,111\n"))
    assert reading.rows[0].services == {"Corporation Tax": "111"}


@pytest.mark.parametrize(
    ("name", "kind", "service", "remarks"),
    [
        ("Acme Ltd.", "", "Income Tax", [F.COMPANY_WITHOUT_KIND]),
        ("Cwmni Gŵyr Cyf", "", "Income Tax", [F.COMPANY_WITHOUT_KIND]),
        ("Acme Ltd", "Ltd", "Corporation Tax", []),
        ("Acme Ltd", "Partnership", "Income Tax", []),
        ("Limited Edition", "", "Income Tax", []),
        ("Acme LLP", "", "Income Tax", []),
    ],
)
def test_a_utr_of_what_is_called_like_a_company_and_has_no_kind_is_remarked_on(
    tmp_path: Path, name: str, kind: str, service: str, remarks: list[F]
) -> None:
    reading = clients_in(save(tmp_path / "a.csv", HEADER + f"A1,{name},{kind},,,1955839661\n"))
    assert reading.rows[0].services == {service: "1955839661"}
    assert [remark.code for remark in reading.remarks] == remarks


def test_rows_of_one_reference_merge_where_there_is_a_service_column(tmp_path: Path) -> None:
    text = "Client ref,Name,Service,Tax reference\nA1,Acme,VAT,GB1\nB1,Beta,VAT,GB2\na1 ,,PAYE,123/A1\n"
    first, second = clients_in(save(tmp_path / "a.csv", text)).rows
    assert first.services == {"VAT": "GB1", "PAYE": "123/A1"}
    assert (first.line_of("VAT"), first.line_of("PAYE")) == (2, 4)
    assert second.reference == "B1"


@pytest.mark.parametrize(
    ("cell", "services"),
    [
        ("VAT; PAYE", {"VAT": "", "PAYE": ""}),
        ("VAT, PAYE", {"VAT": "", "PAYE": ""}),
        ("VAT: GB1; PAYE: 123/A1", {"VAT": "GB1", "PAYE": "123/A1"}),
        ("VAT;", {"VAT": ""}),
    ],
)
def test_services_may_be_a_list_in_one_cell(tmp_path: Path, cell: str, services: dict[str, str]) -> None:
    reading = clients_in(save(tmp_path / "a.csv", f'Code,Name,Services\nA1,Acme,"{cell}"\n'))
    assert reading.rows[0].services == services


@pytest.mark.parametrize(
    ("cell", "services"),
    [("Yes", {"VAT": ""}), ("Oes", {"VAT": ""}), ("no", {}), ("n/a", {}), ("-", {}), ("GB1", {"VAT": "GB1"})],
)
def test_a_services_column_may_say_yes_or_no(tmp_path: Path, cell: str, services: dict[str, str]) -> None:
    reading = clients_in(save(tmp_path / "a.csv", HEADER + f"A1,Acme,,,{cell},\n"))
    assert reading.rows[0].services == services


def test_first_and_last_names_make_a_name(tmp_path: Path) -> None:
    reading = clients_in(save(tmp_path / "a.csv", "Code,Last name,First name\nA1,Llwyd,Siân\n"))
    assert reading.rows[0].name == "Siân Llwyd"


def test_cells_are_trimmed_of_any_space(tmp_path: Path) -> None:
    reading = clients_in(save(tmp_path / "a.csv", "Code,Name\n A1\u00a0,  Acme  \n"))
    assert (reading.rows[0].reference, reading.rows[0].name) == ("A1", "Acme")


def test_emoji_are_kept(tmp_path: Path) -> None:
    reading = clients_in(save(tmp_path / "a.csv", "Code,Name\nA1,Bakery 🥐\n"))
    assert reading.rows[0].name == "Bakery 🥐"


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (",,Ltd,,,", "Code", "missing"),
        ("   ,,Ltd,,,", "Code", "missing"),
        (f"{'x' * 81},Acme,,,,", "Code", "81 characters; the limit is 80"),
        (f"A1,{'x' * 201},,,,", "Client name", "limit is 200"),
        ('A1,"=HYPERLINK(""http://x"",""y"")",,,,', "Client name", "formula"),
        ("=A2,Acme,,,,", "Code", "formula"),
        ("A1,Ac\x07me,,,,", "Client name", "control character"),
        ('A1,"Ac\nme",,,,', "Client name", "line break"),
        (f"A1,Acme,{'x' * 51},,,", "Type", "limit is 50"),
        ("A1,Acme,,perhaps,,", "Confidential", "neither yes nor no"),
        (f"A1,Acme,,,{'9' * 81},", "VAT number", "limit is 80"),
    ],
)
def test_a_bad_cell_is_a_fault_with_its_row_and_column(
    tmp_path: Path, row: str, column: str, message: str
) -> None:
    fault = only_fault(save(tmp_path / "a.csv", HEADER + "Z1,Zebra,,,,\n" + row + "\n"))
    assert (fault.line, fault.column) == (3, column)
    assert message in fault.message


def test_a_row_of_the_wrong_shape_is_a_fault_and_not_read(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", "Code,Name\nA1,Smith, Jones\n")
    assert only_fault(path).line == 2
    assert clients_in(path).rows == ()


def test_rows_with_a_fault_are_not_among_the_rows(tmp_path: Path) -> None:
    reading = clients_in(save(tmp_path / "a.csv", HEADER + "A1,Acme,,perhaps,,\nA2,Beta,,,,\n"))
    assert [row.reference for row in reading.rows] == ["A2"]


@pytest.mark.parametrize("second", ["A1", "a1", " A1 ", "Ａ1"])
def test_a_reference_that_stands_twice_is_a_fault_naming_the_other_row(tmp_path: Path, second: str) -> None:
    fault = only_fault(save(tmp_path / "a.csv", f"Code,Name\nA1,Acme\nB1,Beta\n{second},Gamma\n"))
    assert fault.line == 4
    assert "already in row 2" in fault.message


def test_two_rows_of_one_name_and_no_reference_are_a_fault(tmp_path: Path) -> None:
    fault = only_fault(save(tmp_path / "a.csv", "Code,Name\n,Acme\nB1,Acme\n,ACME\n"))
    assert (fault.line, fault.column) == (4, "Code")
    assert "already in row 2" in fault.message


def test_a_row_without_a_reference_is_read_for_the_firm_to_find_by_name(tmp_path: Path) -> None:
    (row,) = clients_in(save(tmp_path / "a.csv", "Code,Name,Type\n,Acme,Ltd\n")).rows
    assert (row.reference, row.name) == ("", "Acme")


def test_a_tax_reference_of_two_clients_is_a_fault_naming_the_other_row(tmp_path: Path) -> None:
    fault = only_fault(save(tmp_path / "a.csv", HEADER + "A1,Acme,,,GB1,\nA2,Beta,,,gb1,\n"))
    assert (fault.line, fault.column) == (3, "VAT number")
    assert "already in row 2" in fault.message


def test_one_tax_reference_may_stand_for_two_services(tmp_path: Path) -> None:
    reading = clients_in(save(tmp_path / "a.csv", HEADER + "A1,Acme,,,111,111\n"))
    assert reading.faults == ()


def test_two_tax_references_for_one_service_in_a_row_are_a_fault(tmp_path: Path) -> None:
    text = "Code,Name,VAT number,Services\nA1,Acme,GB1,VAT: GB2\n"
    assert "two tax references" in only_fault(save(tmp_path / "a.csv", text)).message


def test_a_service_column_and_a_list_may_say_the_same(tmp_path: Path) -> None:
    text = "Code,Name,VAT number,Services\nA1,Acme,GB1,VAT; PAYE\n"
    assert clients_in(save(tmp_path / "a.csv", text)).rows[0].services == {"VAT": "GB1", "PAYE": ""}


def test_a_service_said_again_of_a_client_is_passed_over(tmp_path: Path) -> None:
    text = "Code,Name,Service,Tax reference\nA1,Acme,VAT,GB1\nA1,Acme,vat,g b-1\nA1,Acme,VAT,\n"
    reading = clients_in(save(tmp_path / "a.csv", text))
    assert reading.faults == ()
    assert reading.rows[0].services == {"VAT": "GB1"}


def test_a_tax_reference_that_a_later_row_adds_is_taken_from_there(tmp_path: Path) -> None:
    text = "Code,Name,Service,Tax reference\nA1,Acme,VAT,\nA1,Acme,VAT,GB1\n"
    (client,) = clients_in(save(tmp_path / "a.csv", text)).rows
    assert client.services == {"VAT": "GB1"}
    assert client.line_of("VAT") == 3


def test_another_tax_reference_for_a_service_in_another_row_is_a_fault(tmp_path: Path) -> None:
    text = "Code,Name,Service,Tax reference\nA1,Acme,VAT,GB1\nA1,Acme,vat,GB2\n"
    fault = only_fault(save(tmp_path / "a.csv", text))
    assert (fault.line, fault.column, fault.code) == (3, "Tax reference", F.SERVICE_OTHERWISE)
    assert fault.message.startswith("Row 2 says another tax reference for vat of this client, “GB1”.")


def test_columns_of_tax_references_may_repeat_in_each_row_of_a_client(tmp_path: Path) -> None:
    text = "Code,Name,Type,UTR,VAT number,Service\n" + "".join(
        f"A1,Acme,Ltd,1955839661,GB980780684,{service}\n" for service in ("Accounts", "VAT", "Payroll")
    )
    reading = clients_in(save(tmp_path / "a.csv", text))
    assert reading.faults == reading.remarks == ()
    assert reading.rows[0].services == {
        "VAT": "GB980780684",
        "Accounts": "",
        "Payroll": "",
        "Corporation Tax": "1955839661",
    }


def test_rows_of_a_client_that_contradict_one_another_are_a_fault(tmp_path: Path) -> None:
    text = "Code,Name,Service\nA1,Acme,VAT\nA1,Acme Ltd,PAYE\n"
    fault = only_fault(save(tmp_path / "a.csv", text))
    assert (fault.line, fault.column) == (3, "Name")
    assert "“Acme”" in fault.message


def test_a_contradiction_names_the_row_that_says_otherwise_not_the_clients_first(tmp_path: Path) -> None:
    text = "Code,Name,Type,Service\nA1,Acme,,VAT\nA1,,Ltd,PAYE\nA1,,Trust,CIS\n"
    fault = only_fault(save(tmp_path / "a.csv", text))
    assert (fault.line, fault.values["row"]) == (4, 3)


CONTRADICTING = "Code,Name,Type,Service,UTR\nA1,Acme,,VAT,11\nA1,Acme Ltd,Trust,PAYE,\nA1,Acme,Ltd,CIS,\n"


@pytest.mark.parametrize(
    ("settled", "kind", "tax", "passed_over"),
    [
        (Settled.FIRST, "Trust", "Income Tax", [(3, "Acme Ltd", "Acme", 2), (4, "Ltd", "Trust", 3)]),
        (Settled.LAST, "Ltd", "Corporation Tax", [(3, "Acme Ltd", "Acme", 4), (3, "Trust", "Ltd", 4)]),
    ],
)
def test_the_first_or_the_last_row_settles_name_and_kind_and_whose_the_utr_is(
    tmp_path: Path, settled: Settled, kind: str, tax: str, passed_over: list[tuple[int, str, str, int]]
) -> None:
    reading = clients_in(save(tmp_path / "a.csv", CONTRADICTING), settled=settled)
    (client,) = reading.rows
    assert (client.name, client.kind, reading.faults) == ("Acme", kind, ())
    assert client.services[tax] == "11"
    said = [remark for remark in reading.remarks if remark.code is F.PASSED_OVER]
    assert [(r.line, r.values["value"], r.values["taken"], r.values["row"]) for r in said] == passed_over


@pytest.mark.parametrize("settled", [Settled.FIRST, Settled.LAST])
def test_whether_a_client_is_confidential_is_never_settled_by_a_choice(
    tmp_path: Path, settled: Settled
) -> None:
    text = "Code,Name,Confidential,Service\nA1,Acme,yes,VAT\nA1,Acme,no,PAYE\n"
    (fault,) = clients_in(save(tmp_path / "a.csv", text), settled=settled).faults
    assert (fault.line, fault.code) == (3, F.CONFIDENTIAL_DISAGREES)


RIGHT = "Code,Name,Type,UTR,VAT number,PAYE reference\nA1,Acme,Ltd,19558 39661k,GB 980 7806 84,120/AB12\n"


def test_tax_references_that_can_be_right_are_taken_as_typed_without_a_remark(tmp_path: Path) -> None:
    reading = clients_in(save(tmp_path / "a.csv", RIGHT))
    assert reading.rows[0].services == {
        "VAT": "GB 980 7806 84",
        "PAYE": "120/AB12",
        "Corporation Tax": "19558 39661k",
    }
    assert reading.remarks == ()


@pytest.mark.parametrize(
    ("column", "cell", "code", "said"),
    [
        ("UTR", "2955839661", F.TAX_CHECK_DIGIT, "Expected: UTR (10 digits)."),
        ("UTR", "195583966", F.TAX_NO_FORM, "Expected: UTR (10 digits)."),
        ("UTR", "AB123456C", F.TAX_OTHER_KIND, "looks like another kind of reference: National Insurance"),
        ("Income Tax", "AB123456C", None, ""),
        ("Corporation Tax", "01234567", F.TAX_OTHER_KIND, "reference: company number"),
        ("VAT number", "GB 980 7806 85", F.TAX_CHECK_DIGIT, "Expected: VAT number (9 or 12 digits)."),
        ("VAT number", "not yet", F.LETTERS_ALONE, "has no digit"),
        ("PAYE reference", "120AB12", None, ""),
        ("PAYE reference", "12", F.TAX_NO_FORM, "PAYE reference (like 123/AB456) or Accounts Office"),
    ],
)
def test_a_tax_reference_that_cannot_be_right_is_taken_with_a_remark(
    tmp_path: Path, column: str, cell: str, code: F | None, said: str
) -> None:
    reading = clients_in(save(tmp_path / "a.csv", f"Code,Name,{column}\nA1,Acme,{cell}\n"))
    assert list(reading.rows[0].services.values()) == [cell]
    assert [(each.line, each.column, each.code) for each in reading.remarks] == (
        [(2, column, code)] if code else []
    )
    assert all(said in each.message for each in reading.remarks)


@pytest.mark.parametrize("rows", ["A1,Acme,n/k\nB1,Beta,N/K\n", "B1,Beta,N/K\nA1,Acme,n/k\n"])
def test_a_word_in_the_place_of_several_tax_references_is_none_of_any_client(
    tmp_path: Path, rows: str
) -> None:
    reading = clients_in(save(tmp_path / "a.csv", f"Code,Name,VAT number\nC1,Gamma,GB1\n{rows}"))
    assert reading.faults == ()
    assert {row.reference: row.services["VAT"] for row in reading.rows} == {"A1": "", "B1": "", "C1": "GB1"}
    left_out = [remark for remark in reading.remarks if remark.code is F.WORD_LEFT_OUT]
    assert [remark.line for remark in left_out] == [3, 4]
    # As the first of them wrote it.
    assert [remark.values["reference"] for remark in left_out] == [rows.split(",")[2][:3]] * 2


def test_a_word_in_the_place_of_one_tax_reference_is_taken_as_it_stands(tmp_path: Path) -> None:
    reading = clients_in(save(tmp_path / "a.csv", "Code,Name,VAT number\nA1,Acme,not yet\n"))
    assert reading.rows[0].services == {"VAT": "not yet"}


def test_another_way_of_writing_the_same_name_contradicts_nothing(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", "Code,Name,Service\nA1,ACME  LTD,VAT\nA1,Acme Ltd,PAYE\n")
    first, last = clients_in(path), clients_in(path, settled=Settled.LAST)
    assert first.faults == last.remarks == ()
    assert (first.rows[0].name, last.rows[0].name) == ("ACME  LTD", "Acme Ltd")


def test_a_tax_reference_without_a_service_is_a_fault(tmp_path: Path) -> None:
    text = "Code,Name,Service,Tax reference\nA1,Acme,,GB1\n"
    assert "no service" in only_fault(save(tmp_path / "a.csv", text)).message
