#!/bin/sh
# PyExcelerate 0.13.0: a day that is handed over with the sheet's data has no date format, and shows as a number.
#
# Seen on 2026-11-29 with Python 3.11:  set_cell_value 2027-03-31 / data 46477.0
# The same value set with set_cell_value gets the format. In the fast way, which most programs take, an expiry of
# 31 March 2027 is the number 46477 in the sheet, and to whatever reads it. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check PyExcelerate==0.13.0 openpyxl==3.1.5
seen=$("$place/venv/bin/python" -W ignore - "$place/set.xlsx" "$place/data.xlsx" <<'PYTHON'
import datetime
import sys

import openpyxl
import pyexcelerate

day = datetime.datetime(2027, 3, 31)
one = pyexcelerate.Workbook()
one.new_sheet("List").set_cell_value(1, 1, day)
one.save(sys.argv[1])
other = pyexcelerate.Workbook()
other.new_sheet("List", data=[[day]])
other.save(sys.argv[2])
by_cell, by_data = (openpyxl.load_workbook(path).active["A1"].value for path in sys.argv[1:])
print("set_cell_value", by_cell.date() if by_cell == day else by_cell, "/ data", by_data)
PYTHON
)
echo "$seen"
test "$seen" = "set_cell_value 2027-03-31 / data 46477.0"
