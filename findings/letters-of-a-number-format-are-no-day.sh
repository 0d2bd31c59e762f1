#!/bin/sh
# exceljs 4.4.0, xlsx2csv 0.8.6: a client number that its format shows as M00123 is read as a month or a day of 1900.
#
# Seen on 2026-11-30 with Python 3.11, Node.js 20.20, openpyxl 3.1.5, SheetJS 0.18.5:
#   "M"00000: SheetJS M00123, openpyxl 123, xlsx2csv "05"00000, exceljs 123
#   \M00000: SheetJS M00123, openpyxl 123, xlsx2csv 0500000, exceljs 1900-05-02
# ECMA-376 Part 1, 18.8.31: letters between quotation marks, or one behind a backslash, are text to be shown; only the
# others ask for days and months. exceljs leaves out the quoted ones and not those behind a backslash, xlsx2csv
# neither. Every client of the list changes its number, with any letter of y, m, d, h, s: no error, no warning. No
# issue of exceljs/exceljs tells it; pull request 186 of dilshod/xlsx2csv (open) takes the marks away and leaves the
# letters. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check xlsx2csv==0.8.6 XlsxWriter==3.3.1 openpyxl==3.1.5
npm install --silent --no-save --no-audit --no-fund exceljs@4.4.0 xlsx@0.18.5 >/dev/null 2>&1
cat > read.cjs <<'NODE'
const ExcelJS = require('exceljs')
const XLSX = require('xlsx')
const book = new ExcelJS.Workbook()
book.xlsx.readFile(process.argv[2]).then(() => {
  const value = book.worksheets[0].getCell('A1').value
  const other = XLSX.readFile(process.argv[2]).Sheets.Sheet1.A1.w
  const exceljs = value instanceof Date ? value.toISOString().slice(0, 10) : String(value)
  console.log(JSON.stringify({ exceljs, other }))
})
NODE
seen=$(venv/bin/python - <<'PYTHON'
import csv
import io
import json
import subprocess

import openpyxl
import xlsx2csv
import xlsxwriter

for shown in ('"M"00000', r"\M00000"):
    with xlsxwriter.Workbook("list.xlsx") as book:
        book.add_worksheet().write_number(0, 0, 123, book.add_format({"num_format": shown}))
    text = io.StringIO()
    xlsx2csv.Xlsx2csv("list.xlsx").convert(text)
    ((converted,),) = csv.reader(io.StringIO(text.getvalue()))
    number = openpyxl.load_workbook("list.xlsx").active["A1"].value
    node = json.loads(subprocess.check_output(["node", "read.cjs", "list.xlsx"]))
    print(f"{shown}: SheetJS {node['other']}, openpyxl {number}, xlsx2csv {converted}, exceljs {node['exceljs']}")
PYTHON
)
echo "$seen"
test "$seen" = '"M"00000: SheetJS M00123, openpyxl 123, xlsx2csv "05"00000, exceljs 123
\M00000: SheetJS M00123, openpyxl 123, xlsx2csv 0500000, exceljs 1900-05-02'
