// SheetJS: every kind of file that it writes and people send, of texts and of values in formats.
import XLSX from 'xlsx'
import { HEADERS, TEXTS, VALUES } from './rows.mjs'

const folder = process.argv[2]
const book = (sheet) => ({ SheetNames: ['Clients'], Sheets: { Clients: sheet } })

const texts = book(XLSX.utils.aoa_to_sheet([HEADERS, ...TEXTS.map((row) => row.map((cell) => cell || null))]))
// A day is one of the zone in which the program runs.
const local = (value) => value instanceof Date
  ? new Date(value.getUTCFullYear(), value.getUTCMonth(), value.getUTCDate(), value.getUTCHours(), value.getUTCMinutes())
  : value
const values = XLSX.utils.aoa_to_sheet([HEADERS, ...VALUES.map((row) => row.map((cell) => local(cell.value)))])
VALUES.forEach((row, line) => row.forEach((cell, place) => {
  const held = values[XLSX.utils.encode_cell({ r: line + 1, c: place })]
  if (!cell.format) return
  held.z = cell.format
  delete held.w // how it was shown before it had a format
}))

const KINDS = { xlsx: 'xlsx', xls: 'biff8', xlsb: 'xlsb', ods: 'ods', html: 'html', xml: 'xlml', csv: 'csv', txt: 'txt' }
for (const [suffix, bookType] of Object.entries(KINDS)) {
  XLSX.writeFile(texts, `${folder}/sheetjs-texts.${suffix}`, { bookType, compression: true })
  XLSX.writeFile(book(values), `${folder}/sheetjs-values.${suffix}`, { bookType, compression: true })
}
