#!/bin/sh
# Writes every file of this folder anew. Needs node, npm, soffice (libreoffice-calc) and ssconvert (gnumeric).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cp "$here/../rows.json" "$place"
mkdir "$place/scripts"
cp "$here"/*.mjs "$place/scripts"
cd "$place/scripts"
npm install --silent --no-save exceljs@4.4.0 xlsx@0.18.5
# Where clocks change, as they do for whoever this is written for.
export TZ=Europe/London
node exceljs.mjs "$here"
node sheetjs.mjs "$here"
sh "$here/libreoffice.sh" "$here" "$here"
sh "$here/gnumeric.sh" "$here" "$here"
