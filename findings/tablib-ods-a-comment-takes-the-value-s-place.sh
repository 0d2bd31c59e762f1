#!/bin/sh
# tablib 3.10.0: an ODS cell with a comment is read as the moment of the comment, and its own value is gone.
#
# Seen on 2026-11-30 with Python 3.11 and odfpy 1.4.1:
#   tablib ['2026-11-02T09:30:00', 'Ann'] / odfpy 00123
# OpenDocument 1.3 (part 3, 9.1.4) puts office:annotation with its dc:date in front of the cell's text, and so does
# LibreOffice. Tablib, by which django-import-export reads spreadsheets, takes the first child that has a text: a
# client reference somebody commented on comes in as a date, without an error, and a row so read fits no client.
# (That equal cells side by side come once, and lines beyond the first not at all, is known: pull requests 615, 616.)
# Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check tablib==3.10.0 odfpy==1.4.1
seen=$(venv/bin/python - <<'PYTHON'
import tablib
from odf import dc, office, opendocument, table, teletype, text

book = opendocument.OpenDocumentSpreadsheet()
sheet = table.Table(name="Clients")
row = table.TableRow()
commented = table.TableCell(valuetype="string")
note = office.Annotation()
note.addElement(dc.Date(text="2026-11-02T09:30:00"))
note.addElement(text.P(text="ask Ann"))
commented.addElement(note)
value = text.P(text="00123")
commented.addElement(value)
plain = table.TableCell(valuetype="string")
plain.addElement(text.P(text="Ann"))
row.addElement(commented)
row.addElement(plain)
sheet.addElement(row)
book.spreadsheet.addElement(sheet)
book.save("clients.ods")
with open("clients.ods", "rb") as stream:
    rows = tablib.Dataset().load(stream.read(), format="ods", headers=False)
cell = opendocument.load("clients.ods").getElementsByType(table.TableCell)[0]
own = [child for child in cell.childNodes if child.qname[1] == "p"]
print("tablib", list(rows[0]), "/ odfpy", teletype.extractText(own[0]), end="")
PYTHON
)
echo "$seen"
test "$seen" = "tablib ['2026-11-02T09:30:00', 'Ann'] / odfpy 00123"
