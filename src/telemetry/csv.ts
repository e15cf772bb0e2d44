export type CsvCell = string | number | null;

/** RFC 4180: CRLF, a dot as the decimal sign, empty for unknown. */
export const toCsv = (rows: readonly (readonly CsvCell[])[]): string =>
  rows
    .map((row) => row.map((cell) => field(cell)).join(','))
    .join('\r\n')
    .concat('\r\n');

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/** Text that somebody made up, a source's name say, must not be run by the spreadsheet that opens it: an apostrophe goes before it. */
function field(cell: CsvCell): string {
  if (cell === null) return '';
  const text = typeof cell === 'string' && FORMULA.test(cell) ? `'${cell}` : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
