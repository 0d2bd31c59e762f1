#!/bin/sh
# SheetJS 0.18.5 (npm package xlsx): no number format reaches an ODS file, so a day is a number and zeros are gone.
#
# Seen on 2026-11-29 with Node.js 20.20:  xlsx 2028-02-29 00012 / ods 46812 12
# One sheet, written as XLSX and as ODS and read back with the texts that it shows: in ODS an expiry of 29 February
# 2028 is 46812 and the client code 00012 is 12. Exits 1 where that is not so any more.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm install --silent --no-save --no-audit --no-fund xlsx@0.18.5
cat > write.cjs <<'NODE'
const XLSX = require('xlsx')
const sheet = {
  '!ref': 'A1:B1',
  A1: { t: 'n', v: 46812, z: 'yyyy-mm-dd' },
  B1: { t: 'n', v: 12, z: '00000' }
}
const book = { SheetNames: ['List'], Sheets: { List: sheet } }
const seen = ['xlsx', 'ods'].map((kind) => {
  XLSX.writeFile(book, `list.${kind}`)
  const read = XLSX.readFile(`list.${kind}`).Sheets.List
  return `${kind} ${read.A1.w} ${read.B1.w}`
})
console.log(seen.join(' / '))
NODE
seen=$(TZ=UTC node write.cjs)
echo "$seen"
test "$seen" = "xlsx 2028-02-29 00012 / ods 46812 12"
