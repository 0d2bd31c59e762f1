#!/bin/sh
# xlsx2csv 0.8.6: hours are of 12, with nothing that says which half of the day, so midnight is noon and 18:00 is 06:00.
#
# Seen on 2026-11-30 with Python 3.11, polars 2.1.0, openpyxl 3.1.5, fastexcel 0.21.0:
#   calamine 2027-03-31 00:00:00 2027-04-05 18:00:00 / xlsx2csv 2027-03-31 12:00:00 2027-04-05 06:00:00
# ECMA-376 Part 1, 18.8.31: hours count to 12 only where the format has AM/PM, else to 24. `yyyy-mm-dd h:mm:ss` has
# none, and openpyxl gives it to each time that it writes. polars offers xlsx2csv as an engine beside calamine, so the
# choice of engine moves the end of an access by half a day. Pull request 186 of dilshod/xlsx2csv has met it in one
# built-in format since 2019, and is open. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  xlsx2csv==0.8.6 polars==2.1.0 openpyxl==3.1.5 fastexcel==0.21.0
seen=$("$place/venv/bin/python" - "$place/list.xlsx" <<'PYTHON'
import datetime
import sys

import openpyxl
import polars

book = openpyxl.Workbook()
for row in ("expires", datetime.datetime(2027, 3, 31), datetime.datetime(2027, 4, 5, 18)):
    book.active.append([row])
book.save(sys.argv[1])
engines = ("calamine", "xlsx2csv")
read = {engine: polars.read_excel(sys.argv[1], engine=engine)["expires"].to_list() for engine in engines}
print(" / ".join(" ".join([engine, *map(str, values)]) for engine, values in read.items()))
PYTHON
)
echo "$seen"
test "$seen" = "calamine 2027-03-31 00:00:00 2027-04-05 18:00:00 / xlsx2csv 2027-03-31 12:00:00 2027-04-05 06:00:00"
