// The thirty rows of ../rows.json for programs of JavaScript: as texts, and as the values that people give them.
import { readFileSync } from 'node:fs'

const { headers, rows } = JSON.parse(readFileSync(new URL('../rows.json', import.meta.url), 'utf8'))
const NUMBERS = ['Client reference', 'VAT number', 'UTR']

export const HEADERS = headers
export const TEXTS = rows.map((row) => row.cells)

// A value with its number format; a number of more than fifteen digits stays a text.
function value(header, cell) {
  if (cell === '') return { value: null }
  if (NUMBERS.includes(header) && /^[0-9]{1,15}$/.test(cell)) return { value: Number(cell), format: '0'.repeat(cell.length) }
  if (header === 'Confidential' && (cell === 'yes' || cell === 'no')) return { value: cell === 'yes' }
  const moment = /^(\d{4})-(\d{2})-(\d{2})(?: (\d{2}):(\d{2}))?$/.exec(cell)
  if (header === 'Expires' && moment) {
    const [year, month, day, hour = 0, minute = 0] = moment.slice(1).map((part) => Number(part ?? 0))
    return { value: new Date(Date.UTC(year, month - 1, day, hour, minute)), format: moment[4] ? 'yyyy-mm-dd hh:mm' : 'yyyy-mm-dd' }
  }
  if (header === 'Fee split') {
    return cell.endsWith('%') ? { value: Number(cell.slice(0, -1)) / 100, format: '0.00%' } : { value: Number(cell) }
  }
  return { value: cell }
}

export const VALUES = TEXTS.map((row) => row.map((cell, place) => value(HEADERS[place], cell)))
