// exceljs: a workbook of texts, one of values in formats, one written as a stream, and CSV.
import ExcelJS from 'exceljs'
import { HEADERS, TEXTS, VALUES } from './rows.mjs'

const folder = process.argv[2]

const texts = new ExcelJS.Workbook()
texts.addWorksheet('Clients').addRows([HEADERS, ...TEXTS])
await texts.xlsx.writeFile(`${folder}/exceljs-texts.xlsx`)
await texts.csv.writeFile(`${folder}/exceljs.csv`)

const values = new ExcelJS.Workbook()
const sheet = values.addWorksheet('Clients')
sheet.addRow(HEADERS)
for (const row of VALUES) {
  const line = sheet.addRow(row.map((cell) => cell.value))
  row.forEach((cell, place) => { if (cell.format) line.getCell(place + 1).numFmt = cell.format })
}
await values.xlsx.writeFile(`${folder}/exceljs-values.xlsx`)

const stream = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: `${folder}/exceljs-stream.xlsx` })
const page = stream.addWorksheet('Clients')
for (const row of [HEADERS, ...TEXTS]) page.addRow(row).commit()
await stream.commit()
