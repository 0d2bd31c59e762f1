#!/bin/sh
# polars 2.1.0, fastexcel 0.21.0: after 1,000 client references of digits, the first with a letter is read as nothing.
#
# Seen on 2026-11-30 with Python 3.11, XlsxWriter 3.3.1, python-calamine 0.9.1:
#   calamine A17 / polars None / polars with every row looked at A17 / read_csv ComputeError
# polars.read_excel looks at 1,000 rows to tell a column's kind (infer_schema_length), and its documentation says only
# that more rows take longer. What does not fit the kind further down becomes null, with no error and no warning; the
# same rows in a CSV end in an error. calamine, the reader below, has the text. A client without its reference is a
# new client to whoever imports the list. Issue 23728 of pola-rs/polars told it and was closed as not to be had again;
# issues 208 and 277 of ToucanToco/fastexcel are about columns that begin empty. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  polars==2.1.0 fastexcel==0.21.0 XlsxWriter==3.3.1 python-calamine==0.9.1
seen=$("$place/venv/bin/python" -W error - "$place/list.xlsx" <<'PYTHON'
import sys

import polars
import xlsxwriter
from python_calamine import CalamineWorkbook

rows = [("reference", "name"), *((number, f"Client {number}") for number in range(1, 1001)), ("A17", "Client 1001")]
with xlsxwriter.Workbook(sys.argv[1]) as book:
    sheet = book.add_worksheet()
    for place, row in enumerate(rows):
        sheet.write_row(place, 0, row)
print("calamine", CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()[-1][0], end=" / ")
print("polars", polars.read_excel(sys.argv[1])["reference"][-1], end=" / ")
whole = polars.read_excel(sys.argv[1], infer_schema_length=None)
print("polars with every row looked at", whole["reference"][-1], end=" / ")
try:
    polars.read_csv("\n".join(f"{reference},{name}" for reference, name in rows).encode())
except polars.exceptions.ComputeError as error:
    print("read_csv", type(error).__name__)
PYTHON
)
echo "$seen"
test "$seen" = "calamine A17 / polars None / polars with every row looked at A17 / read_csv ComputeError"
