"""What number formats make of numbers: what the sheet shows, or that it cannot be told."""

import pytest

from ringfence.lists.faults import F
from ringfence.lists.files.cells import SheetCell, number_cell
from ringfence.lists.files.number_formats import in_format, is_date


def shown(value: float, code: str) -> str | F:
    cell = in_format(float(value), code)
    if not isinstance(cell, SheetCell):
        return cell
    return cell.fault or cell.shown


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        (1234, "00000000", "00001234"),
        (12345678901, "0000000000", "12345678901"),
        (5, "000;-000", "005"),
        (-5, "000;-000", "-005"),
        (5, "[Red]000;[Blue]-000", "005"),
        (1234, '"No. "0000', "No. 1234"),
        (980780684, "000 0000 00", "980780684"),
        (42, "C-0000".replace("C", "\\C"), "C-0042"),
        (1234, '0"/"000', "1/234"),
        (1234, "00-00", "12-34"),
        (1.1, "0.00", "1.10"),
        (1.005, "0.00", "1.01"),
        (7, "0.00", "7.00"),
        (7, "General", "7"),
        (7, "@", "7"),
        (7, "#", "7"),
        (0, "#", F.FORMATTED_NUMBER),
        (7, "0_)", "7"),
        (7, "* 0", "7"),
        (12, "[$GB-809]000", "GB012"),
        (999, "#,##0", "999"),
        (1000, "#,##0", F.FORMATTED_NUMBER),
        (12000, "0,", F.FORMATTED_NUMBER),
        (0.5, "0%", F.FORMATTED_NUMBER),
        (1.5, "# ?/?", F.FORMATTED_NUMBER),
        (100000, "0.00E+00", F.FORMATTED_NUMBER),
        (7, "[<5]0;00", F.FORMATTED_NUMBER),
        (1.6, "0", F.FORMATTED_NUMBER),
        (42, '"20"00', F.FORMATTED_NUMBER),
        (0, "0;-0;;@", F.FORMATTED_NUMBER),
        (42, "0;-0;;@", "42"),
        (-42, "00;;00", F.FORMATTED_NUMBER),
        (42, ";;;", F.FORMATTED_NUMBER),
        (42, '""', F.FORMATTED_NUMBER),
        (42, "[Red]", "42"),
        (0, "General;-General;General", "0"),
    ],
)
def test_a_number_is_shown_as_its_format_says(value: float, code: str, expected: str | F) -> None:
    assert shown(value, code) == expected


def test_a_percentage_is_a_hundredfold_without_an_error_of_its_own() -> None:
    assert in_format(0.07, "0%") == "7%"
    assert in_format(1.0, "0.0%") == "100%"
    assert in_format(0.125, "0%") == "12.5%"


@pytest.mark.parametrize(
    "code", ["yyyy-mm-dd", "d/m", "mmm-yy", "hh:mm", "[h]:mm", "[$-409]d mmm", "h AM/PM"]
)
def test_a_format_of_days_or_times_is_a_date(code: str) -> None:
    assert is_date(code)


@pytest.mark.parametrize("code", ["0", "General", '"day "0', "\\d0", "[Red]0", "0.0E+00", "[$USD-409] 0"])
def test_letters_that_are_shown_as_they_stand_make_no_date(code: str) -> None:
    assert not is_date(code)


def test_what_a_sheet_shows_is_taken_where_its_digits_are_the_numbers() -> None:
    assert number_cell(42.0, "42") == "42"
    assert not isinstance(number_cell(42.0, "42"), SheetCell)
    for text in ("1,234", "1.234", "1 2345"):
        cell = number_cell(12345.0, text)
        assert isinstance(cell, SheetCell)
        assert (cell.fault is F.FORMATTED_NUMBER) == (text != "1 2345")
