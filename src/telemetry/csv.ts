export type CsvCell = string | number | null;

/** RFC 4180: CRLF, a dot as the decimal sign, empty for unknown. */
export const toCsv = (rows: readonly (readonly CsvCell[])[]): string =>
  rows
    .map((row) => row.map((cell) => field(cell)).join(','))
    .join('\r\n')
    .concat('\r\n');

function field(cell: CsvCell): string {
  if (cell === null) return '';
  const text = String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
