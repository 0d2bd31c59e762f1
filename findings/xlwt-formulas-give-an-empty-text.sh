#!/bin/sh
# xlwt 1.3.0: each formula is written as one that gave an empty text, so it reads as an empty cell, not as unknown.
#
# Seen on 2026-11-29 with Python 3.11, xlrd 2.0.2, python-calamine 0.9.1:
#   record 03 ff / xlrd '' / calamine ''
# In XLS a formula stands with its last result; 3 with FF FF behind says “an empty text”, which is what Excel writes
# for =IF(A1="","",A1). Nothing in the cell tells the two apart, and no reader warns. What does: Excel and LibreOffice
# name the program that worked the workbook out (RECALCID, 0x01C1), xlwt does not.
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check xlwt==1.3.0 xlrd==2.0.2 python-calamine==0.9.1
seen=$("$place/venv/bin/python" - "$place/sum.xls" <<'PYTHON'
import sys
from struct import unpack_from

import xlrd
import xlwt
from python_calamine import CalamineWorkbook

book = xlwt.Workbook()
sheet = book.add_sheet("Sheet")
sheet.write(0, 0, xlwt.Formula("1+2"))
book.save(sys.argv[1])

content = open(sys.argv[1], "rb").read()
at = 512
while unpack_from("<H", content, at)[0] != 0x0006:
    at += 4 + unpack_from("<H", content, at + 2)[0]
result = content[at + 10 : at + 18]
print(
    f"record {result[0]:02x} {result[7]:02x}",
    f"xlrd {xlrd.open_workbook(sys.argv[1]).sheet_by_index(0).cell_value(0, 0)!r}",
    f"calamine {CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()[0][0]!r}",
    sep=" / ",
)
PYTHON
)
echo "$seen"
test "$seen" = "record 03 ff / xlrd '' / calamine ''"
