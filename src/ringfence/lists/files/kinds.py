"""What a file is, told by its first bytes and never by its name; what cannot be read is named."""

import re
from typing import Literal

from ringfence.lists.faults import F, TableError

from . import ods, spreadsheetml, xls, xlsb, xlsx
from .archive import Archive, damaged_told
from .compound import SIGNATURE, Compound
from .encoding import start_of_text
from .html_tables import is_page
from .source import ListFile

MAX_FILE_BYTES = 200 * 1024 * 1024
Kind = Literal["text", "xlsx", "ods", "xls", "xlsb", "html", "spreadsheetml"]
PACKED: frozenset[Kind] = frozenset({"xlsx", "ods", "xlsb"})
"""Kinds that are archives, and unpack to more than they are."""

_ARCHIVE = b"PK\x03\x04"
_OLD_XLS = {
    b"\x09\x00\x04\x00": "oldest_xls",
    b"\x09\x02\x06\x00": "oldest_xls",
    b"\x09\x04\x06\x00": "oldest_xls",
    b"\x09\x08\x08\x00": "old_xls",
}
"""How sheets of Excel 2, 3 and 4 begin, and those of Excel 5 that a program wrote by itself."""
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"{\\rtf", "word_processor"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"SQLite format 3", "database"),
    (b"<", "xml"),
    (b"{", "json"),
    (b"[{", "json"),
)
_ROOT = re.compile(rb"\A(?>\s|<\?.*?\?>|<!--.*?-->)*+<(?:[\w.-]+:)?([\w.-]+)", re.DOTALL)
"""The first element of an XML file."""
_ARCHIVED_PAGE = re.compile(rb"MIME-Version:\s*1\.0\s", re.IGNORECASE)
_LOOKED_AT = 64 * 1024
_WITH_ENCODING: frozenset[Kind] = frozenset({"text", "html", "spreadsheetml"})


def has_encoding(kind: Kind) -> bool:
    """Whether the file is text of some kind, so that its encoding can be told."""
    return kind in _WITH_ENCODING


def kind_of(source: ListFile) -> Kind:
    """Which reader takes the file. Raises TableError, which names what it is, for a file that none takes."""
    file = source.name
    try:
        size = source.size()
        with source.open() as stream:
            start = stream.read(_LOOKED_AT)
    except OSError as error:
        raise TableError(file, F.NOT_READABLE, reason=error.strerror or "?") from error
    if size == 0 or not start.strip():
        raise TableError(file, F.EMPTY_FILE)
    if size > MAX_FILE_BYTES:
        raise TableError(file, F.FILE_TOO_LARGE, limit=MAX_FILE_BYTES // 1024 // 1024)
    if start.startswith(SIGNATURE):
        return _compound(source)
    if old := _OLD_XLS.get(start[:4]):
        raise TableError(file, F.OTHER_SPREADSHEET, what=old)
    if start.startswith(_ARCHIVE):
        return _archive(source)
    return _text(file, start_of_text(start))


def _compound(source: ListFile) -> Kind:
    """What a file of the old compound form is: only the names of its streams tell."""
    file = source.name
    with damaged_told(file):
        compound = Compound(source)
        if "encryptedpackage" in compound.names:
            raise TableError(file, F.PASSWORD)
        if xls.STREAM in compound.names or xls.OLD_STREAM in compound.names:
            xls.refuse_others(compound, file)
            return "xls"
    what = "word_processor" if "worddocument" in compound.names else "compound"
    raise TableError(file, F.NOT_A_LIST, what=what)


def _archive(source: ListFile) -> Kind:
    file = source.name
    with damaged_told(file):
        archive = Archive(source)
        if archive.start_of("mimetype", 99).strip().startswith(ods.MIMETYPE):
            if ods.has_password(archive):
                raise TableError(file, F.PASSWORD)
            return "ods"
        if xlsb.is_xlsb(archive):
            return "xlsb"
        if xlsx.is_xlsx(archive):
            return "xlsx"
        if "Index/Document.iwa" in archive:
            raise TableError(file, F.OTHER_SPREADSHEET, what="numbers")
    raise TableError(file, F.NOT_A_LIST, what="archive")


def _text(file: str, start: bytes) -> Kind:
    """What a text is, by its first bytes as ASCII."""
    if start.startswith(b"<"):
        root = _ROOT.match(start)
        if root and root[1] == b"Workbook" and spreadsheetml.NAME_SPACE.encode() in start:
            return "spreadsheetml"
        if root and root[1] == b"document" and b"opendocument.spreadsheet" in start:
            raise TableError(file, F.OTHER_SPREADSHEET, what="flat_ods")
        if is_page(start):
            return "html"
    if _ARCHIVED_PAGE.match(start):
        raise TableError(file, F.OTHER_SPREADSHEET, what="mhtml")
    for signature, what in _SIGNATURES:
        if start.startswith(signature):
            raise TableError(file, F.NOT_A_LIST, what=what)
    return "text"
