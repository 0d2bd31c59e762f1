#!/bin/sh
# pyxlsb 1.0.10, python-calamine 0.9.1: XLSB cells that leave their column out are missing, without an error.
#
# Seen on 2026-11-29 with Python 3.11, Node and SheetJS (xlsx) 0.18.5:
#   pyxlsb [None, None, None] / calamine ['one'] / SheetJS ["one","two",3]
# [MS-XLSB] has two records for each kind of cell: with the column, and without for one that follows the cell before
# (BrtShortRk, BrtShortReal, BrtShortSt …, 12 to 18). SheetJS writes the short ones; both readers pass over what
# they do not know (pyxlsb also over texts that stand in the cell itself, 6), so a row comes with its first cell
# alone, or with none.
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check pyxlsb==1.0.10 python-calamine==0.9.1
npm install --silent --no-audit --no-fund xlsx@0.18.5 >/dev/null
sheetjs=$(node -e '
const X = require("xlsx");
const book = X.utils.book_new();
X.utils.book_append_sheet(book, X.utils.aoa_to_sheet([["one", "two", 3]]), "Sheet");
X.writeFile(book, "row.xlsb");
const sheet = X.readFile("row.xlsb").Sheets.Sheet;
console.log(JSON.stringify(X.utils.sheet_to_json(sheet, {header: 1})[0]));
')
seen=$(venv/bin/python - <<'PYTHON'
from pyxlsb import open_workbook
from python_calamine import CalamineWorkbook

with open_workbook("row.xlsb") as book, book.get_sheet(1) as sheet:
    print("pyxlsb", [cell.v for cell in next(iter(sheet.rows()))], end=" / ")
print("calamine", CalamineWorkbook.from_path("row.xlsb").get_sheet_by_index(0).to_python()[0], end="")
PYTHON
)
seen="$seen / SheetJS $sheetjs"
echo "$seen"
test "$seen" = "pyxlsb [None, None, None] / calamine ['one'] / SheetJS [\"one\",\"two\",3]"
