#!/bin/sh
# LibreOffice Calc: opens what exceljs wrote and saves it as every kind of file that people send.
set -eu
from=$1 to=$2
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

# save NAME FILTER: the workbooks of texts and of values, as libreoffice-texts.SUFFIX and libreoffice-values.SUFFIX
save() {
  for kind in texts values; do
    cp "$from/exceljs-$kind.xlsx" "$place/$kind.xlsx"
    soffice --headless "-env:UserInstallation=file://$place/profile" --convert-to "${1##*.}:$2" --outdir "$place/out" \
      "$place/$kind.xlsx" > /dev/null 2>&1
    mv "$place/out/$kind.${1##*.}" "$to/libreoffice-$kind$1"
  done
}

save .ods 'calc8'
save .xlsx 'Calc MS Excel 2007 XML'
save .xls 'MS Excel 97'
save .html 'HTML (StarCalc)'
# Separator, quotation mark, encoding (76 UTF-8, 65535 UTF-16, 1 Windows-1252), first line, …, all texts quoted, as shown.
save .csv 'Text - txt - csv (StarCalc):44,34,76,1,,0,false,true'
save -semicolons-quoted.csv 'Text - txt - csv (StarCalc):59,34,76,1,,0,true,true'
save -tabs-utf-16.csv 'Text - txt - csv (StarCalc):9,34,65535,1,,0,false,true'
save -windows-1252.csv 'Text - txt - csv (StarCalc):59,34,1,1,,0,false,true'
