#!/bin/sh
# pandas 3.1.1: one XLSX file, two texts. What openpyxl 3.1.5 writes and reads as `AB_x0041_1`, python-calamine 0.9.1 reads as `ABA1`.
#
# Seen on 2026-11-29 with Python 3.11:  written AB_x0041_1 / openpyxl AB_x0041_1 / calamine ABA1
# XLSX has `_xHHHH_` for characters that XML cannot hold, and writes a text that looks so as `_x005F_x0041_`. openpyxl
# neither escapes nor undoes, calamine undoes, so a code changes with the engine that reads it, and nothing says so.
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check pandas==3.1.1 openpyxl==3.1.5 python-calamine==0.9.1
seen=$("$place/venv/bin/python" - "$place/list.xlsx" <<'PYTHON'
import sys

import pandas

code = "AB_x0041_1"
pandas.DataFrame({"code": [code]}).to_excel(sys.argv[1], index=False, engine="openpyxl")
read = {engine: pandas.read_excel(sys.argv[1], engine=engine)["code"][0] for engine in ("openpyxl", "calamine")}
print("written", code, "/ openpyxl", read["openpyxl"], "/ calamine", read["calamine"])
PYTHON
)
echo "$seen"
test "$seen" = "written AB_x0041_1 / openpyxl AB_x0041_1 / calamine ABA1"
