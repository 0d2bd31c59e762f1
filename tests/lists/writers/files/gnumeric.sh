#!/bin/sh
# Gnumeric: opens what exceljs wrote and saves it as every kind of file that people send.
set -eu
from=$1 to=$2

# save SUFFIX EXPORTER
save() {
  for kind in texts values; do
    LC_ALL=C.UTF-8 ssconvert --export-type="$2" "$from/exceljs-$kind.xlsx" "$to/gnumeric-$kind$1" > /dev/null 2>&1
  done
}

save .xlsx Gnumeric_Excel:xlsx2
save .xls Gnumeric_Excel:excel_biff8
save .ods Gnumeric_OpenCalc:odf
save .html Gnumeric_html:html40
save .csv Gnumeric_stf:stf_csv
