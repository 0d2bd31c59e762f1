"""Text files as tables: encodings, separators, line numbers, and files that are no lists."""

from pathlib import Path

import pytest

from ringfence.lists.faults import F, TableError
from ringfence.lists.files.encoding import CHUNK
from ringfence.lists.files.table import MAX_CELL, Told, read_table
from ringfence.lists.rows.columns import is_header_of
from ringfence.lists.rows.headers import ListKind
from tests.lists.lists import rows_of, save

ACCENTED = "Code,Name\nA1,Siân Llŷr\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_is_read_with_and_without_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    table = read_table(save(tmp_path / "a.csv", ACCENTED, encoding))
    assert table.headers == ("Code", "Name")
    assert rows_of(table)[0].cells == ("A1", "Siân Llŷr")


def test_windows_1252_is_read_where_the_bytes_are_not_utf_8(tmp_path: Path) -> None:
    table = read_table(save(tmp_path / "a.csv", "Code,Name\nA1,Café “Zoë” – €5\n", "cp1252"))
    assert rows_of(table)[0].cells[1] == "Café “Zoë” – €5"


@pytest.mark.parametrize("told", ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "UTF-7"])
def test_what_python_decodes_and_no_list_is_in_is_no_encoding(tmp_path: Path, told: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"Ref,Name\nA1,\\ud800\n")
    with pytest.raises(TableError) as refused:
        read_table(path, told=Told(encoding=told))
    assert refused.value.code is F.NO_SUCH_ENCODING


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_is_read_without_its_mark_too(tmp_path: Path, encoding: str) -> None:
    table = read_table(save(tmp_path / "a.csv", ACCENTED, encoding))
    assert (table.encoding, table.guessed) == ("UTF-16", False)
    assert rows_of(table)[0].cells == ("A1", "Siân Llŷr")


@pytest.mark.parametrize(
    ("encoding", "called", "names"),
    [
        ("cp1252", "Windows-1252", "Zoë O’Brien, Siân, JOSÉ, Café – €5, Müller & Søn"),
        ("mac_roman", "Macintosh", "Siân O’Neill, JOSÉ, René, Müller"),
        ("cp1250", "Windows-1250", "Łukasz Wróbel, Żaneta, Jarosław, Błażej"),
        ("cp850", "DOS 850", "Siân, JOSÉ, Ñandú, Åse Müller, Crème brûlée, André"),
    ],
)
def test_an_encoding_is_taken_where_it_alone_makes_words_of_all(
    tmp_path: Path, encoding: str, called: str, names: str
) -> None:
    table = read_table(save(tmp_path / "a.csv", f'Code,Name\nA1,"{names}"\n', encoding))
    assert (table.encoding, rows_of(table)[0].cells[1], table.guessed) == (called, names, True)


def test_where_several_encodings_are_possible_they_are_named_with_what_they_make(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", "Code,Name\nA1,Siân\n", "mac_roman")
    with pytest.raises(TableError, match=r"Macintosh \(Siân\), DOS 850 \(Siën\)") as caught:
        read_table(path)
    assert caught.value.code is F.UNSURE_ENCODING
    assert rows_of(read_table(path, told=Told(encoding="macintosh")))[0].cells == ("A1", "Siân")


def test_a_word_that_lies_across_two_readings_of_the_file_is_one(tmp_path: Path) -> None:
    """The bytes `Ã©` at the edge would be two words."""
    line = "A1,Siân O’Neill\n".encode("mac_roman")
    path = tmp_path / "a.csv"
    path.write_bytes(b"Code,Name\n" + line * (3 * CHUNK // len(line)))
    assert read_table(path).encoding == "Macintosh"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_each_separator_is_recognised(tmp_path: Path, separator: str) -> None:
    text = "\n".join(separator.join(cells) for cells in [("Code", "Name"), ("A1", "Acme")])
    assert rows_of(read_table(save(tmp_path / "a.csv", text)))[0].cells == ("A1", "Acme")


def test_commas_in_names_do_not_hide_semicolons(tmp_path: Path) -> None:
    text = "Code;Name, as traded\nA1;Smith, Jones, Co\nA2;Wood\nA3;Hill, Dale\n"
    assert read_table(save(tmp_path / "a.csv", text)).headers == ("Code", "Name, as traded")


def test_the_separator_under_which_a_row_is_a_header_is_taken(tmp_path: Path) -> None:
    text = "Code;Name\nA1;Acme, Cardiff\nB2,1;Beta, Mold\nC3;Gamma, Bala\n"
    table = read_table(save(tmp_path / "a.csv", text), is_header=is_header_of(ListKind.CLIENTS))
    assert (table.separator, table.headers) == (";", ("Code", "Name"))


def test_separators_that_are_equally_possible_are_refused_and_can_be_told(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", "Wibble;Wobble, so\nA1;Acme, Cardiff\n")
    with pytest.raises(TableError, match="“,” “;”") as caught:
        read_table(path)
    assert caught.value.code is F.UNSURE_SEPARATOR
    assert read_table(path, told=Told(separator="semicolon")).headers == ("Wibble", "Wobble, so")


def test_a_file_with_one_cell_in_each_line_has_no_separator(tmp_path: Path) -> None:
    table = read_table(save(tmp_path / "a.csv", "Email\na@ace.example\nb@ace.example\n"))
    assert (table.separator, len(rows_of(table))) == ("", 2)


def test_lines_may_end_in_several_ways_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'Code,Name\rA1,Acme\r\nA2,"Be\rta"\nA3,Gamma')
    assert [(row.line, row.cells) for row in rows_of(read_table(path))] == [
        (2, ("A1", "Acme")),
        (3, ("A2", "Be\rta")),
        (5, ("A3", "Gamma")),
    ]


@pytest.mark.parametrize("first", ["sep=|", '"sep=|"', "SEP=|"])
def test_the_separator_line_may_be_quoted_or_in_capitals(tmp_path: Path, first: str) -> None:
    path = save(tmp_path / "a.csv", f"{first}\r\nCode|Name\r\nA1|A,B\r\n", "utf-16")
    table = read_table(path)
    assert (table.separator, table.headers) == ("|", ("Code", "Name"))


def test_excels_separator_line_is_obeyed_and_no_row(tmp_path: Path) -> None:
    table = read_table(save(tmp_path / "a.csv", "sep=;\nCode;Name\nA1;A,B,C,D\n"))
    assert (table.headers, table.header_line) == (("Code", "Name"), 2)


def test_a_row_keeps_the_number_of_its_first_line_when_cells_hold_line_breaks(tmp_path: Path) -> None:
    text = 'Code,Address\nA1,"1 High St\nCardiff"\n\nA2,Mold\n'
    assert [row.line for row in rows_of(read_table(save(tmp_path / "a.csv", text)))] == [2, 5]


@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(tmp_path: Path, line_end: str) -> None:
    text = line_end.join(["Code,Name", "A1,Acme", "A2,Beta"])
    assert [row.line for row in rows_of(read_table(save(tmp_path / "a.csv", text)))] == [2, 3]


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"%PDF-1.7 x", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"\xff\xd8\xff\xe0", "an image"),
        (b"<rss><channel>", "a web page or XML"),
        (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook", "a web archive"),
        (b'{"clients": []}', "JSON"),
        (b"{\\rtf1", "word-processor"),
        (b"\x1f\x8b\x08", "archive"),
    ],
)
def test_a_file_of_another_type_is_named_for_what_it_is(tmp_path: Path, start: bytes, what: str) -> None:
    path = tmp_path / "clients.csv"
    path.write_bytes(start)
    with pytest.raises(TableError, match=what) as caught:
        read_table(path)
    assert caught.value.file == "clients.csv"
    assert "CSV" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"  \n\n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=r"empty|no text"):
        read_table(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        read_table(tmp_path / "nowhere.csv")


def test_a_header_without_rows_is_an_empty_list(tmp_path: Path) -> None:
    table = read_table(save(tmp_path / "a.csv", "Code,Name\n"))
    assert (table.headers, rows_of(table)) == (("Code", "Name"), [])


def test_a_nul_character_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="NUL") as caught:
        rows_of(read_table(save(tmp_path / "a.csv", "Code,Name\nA1,Ac\0me\n")))
    assert caught.value.row == 2


def test_an_open_quotation_mark_is_refused_with_the_line_it_starts_on(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="quotation mark") as caught:
        rows_of(read_table(save(tmp_path / "a.csv", 'Code,Name\nA1,Acme\nA2,"Beta\nA3,Gamma\n')))
    assert caught.value.row == 3


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_bytes_of_two_encodings_in_one_file_are_refused_with_their_line(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(f"Code,Name{end}A1,Siân{end}".encode() + f"A2,Zoë{end}".encode("cp1252"))
    with pytest.raises(TableError, match="one encoding") as caught:
        read_table(path)
    assert caught.value.row == 3


def test_bytes_that_no_encoding_has_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Code,Name\nA1,Acme\nA2,Ac\x81\xd8me\n")
    with pytest.raises(TableError, match="Windows-1252") as caught:
        read_table(path)
    assert caught.value.row == 3


@pytest.mark.parametrize("size", [MAX_CELL + 1, 10 * 1024 * 1024, 20 * 1024 * 1024])
def test_a_cell_over_the_limit_is_refused_with_its_row(tmp_path: Path, size: int) -> None:
    with pytest.raises(TableError) as caught:
        rows_of(read_table(save(tmp_path / "a.csv", f"Code,Name\nA1,Acme\nA2,{'x' * size}\n")))
    assert caught.value.row == 3
    assert "limit" in str(caught.value)


def test_what_was_taken_for_encoding_and_separator_is_told(tmp_path: Path) -> None:
    table = read_table(save(tmp_path / "a.csv", "Code;Name\nA1;Siân\n", "cp1252"))
    assert (table.encoding, table.separator, table.guessed) == ("Windows-1252", ";", True)


def test_an_encoding_that_is_told_is_obeyed(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", "Code,Name\nA1,Siân O’Neill\n", "mac_roman")
    table = read_table(path, told=Told(encoding="macintosh"))
    assert rows_of(table)[0].cells == ("A1", "Siân O’Neill")
    assert not table.guessed


def test_an_encoding_that_is_told_wrongly_is_refused_with_the_line(tmp_path: Path) -> None:
    path = save(tmp_path / "a.csv", "Code,Name\nA1,Acme\nA2,Siân\n", "cp1252")
    with pytest.raises(TableError, match="UTF-8") as caught:
        read_table(path, told=Told(encoding="utf-8"))
    assert caught.value.row == 3


@pytest.mark.parametrize("encoding", ["klingon", "hex", "a\0b"])
def test_only_an_encoding_of_text_can_be_told(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(TableError, match="no encoding “"):
        read_table(save(tmp_path / "a.csv", "Code,Name\nA1,Acme\n"), told=Told(encoding=encoding))


@pytest.mark.parametrize(
    ("encoding", "cell"), [("hz", b"\xe2\xff"), ("iso2022_jp", b"\xe2\xff"), ("utf-32", b"\xe2")]
)
def test_whatever_encoding_is_told_bytes_that_it_lacks_are_a_fault(
    tmp_path: Path, encoding: str, cell: bytes
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"Code,Name\nA1," + cell + b"\n")
    with pytest.raises(TableError) as caught:
        rows_of(read_table(path, told=Told(encoding=encoding)))
    assert caught.value.code is F.UNDECODED


@pytest.mark.parametrize(("told", "text"), [("semicolon", "a;b"), ("tab", "a\tb"), ("|", "a|b")])
def test_a_separator_that_is_told_is_obeyed(tmp_path: Path, told: str, text: str) -> None:
    path = save(tmp_path / "a.csv", f"{text}\n{text}\n")
    assert read_table(path, told=Told(separator=told)).headers == ("a", "b")


@pytest.mark.parametrize("told", ["ab", '"', "x", "\n"])
def test_what_cannot_separate_cells_is_refused(tmp_path: Path, told: str) -> None:
    with pytest.raises(TableError, match="cannot separate"):
        read_table(save(tmp_path / "a.csv", "a,b\n"), told=Told(separator=told))
