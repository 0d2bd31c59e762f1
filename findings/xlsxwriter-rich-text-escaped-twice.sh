#!/bin/sh
# XlsxWriter 3.3.1: the same text is escaped once by write_string and twice by write_rich_string.
#
# Seen on 2026-11-29 with Python 3.11:  string A_x005F_x0020_B / rich A_x005F_x005F_x0020_B
# A text that looks like an escape of XLSX (names out of SharePoint do) is to be written with `_x005F_` in front. With
# formats inside, that is done to each piece and once more to the whole: a spreadsheet then shows `A_x005F…`, which
# nobody wrote. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check XlsxWriter==3.3.1
seen=$("$place/venv/bin/python" - "$place/list.xlsx" <<'PYTHON'
import sys
import zipfile
from xml.etree import ElementTree

import xlsxwriter

with xlsxwriter.Workbook(sys.argv[1]) as book:
    sheet = book.add_worksheet()
    sheet.write_string(0, 0, "A_x0020_B")
    sheet.write_rich_string(1, 0, book.add_format({"bold": True}), "A", "_x0020_B")
shared = ElementTree.fromstring(zipfile.ZipFile(sys.argv[1]).read("xl/sharedStrings.xml"))
plain, rich = ("".join(item.itertext()) for item in shared)
print("string", plain, "/ rich", rich)
PYTHON
)
echo "$seen"
test "$seen" = "string A_x005F_x0020_B / rich A_x005F_x005F_x0020_B"
