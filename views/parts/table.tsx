import type { Child } from 'hono/jsx';

export interface Column<Row> {
  /** Empty over buttons, which name themselves. */
  label: string;
  cell(row: Row): Child;
  /** Figures are set right, in tabular digits. */
  isNumber?: boolean;
  /** Stands on one line: a moment, a button. */
  isWhole?: boolean;
  /** The column that names the row: a row header, and on a phone the title of the row's block. */
  isHeader?: boolean;
  /** Not shown on a phone. */
  isMinor?: boolean;
}

export interface TableProps<Row> {
  /** Says what the table holds, for screen readers; visible with `showsCaption`. */
  caption: string;
  showsCaption?: boolean;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId?(row: Row): string;
  /** On a phone: `stack` turns a row into a block of named values, `scroll` lets the table move sideways. */
  phone?: 'stack' | 'scroll';
  /** Instead of the table when there are no rows. */
  empty?: Child;
  id?: string;
}

export function Table<Row>(props: TableProps<Row>) {
  const { caption, columns, rows, phone = 'stack', empty, rowId, showsCaption, id } = props;
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>;
  return (
    <div
      class={`table-frame table-${phone}`}
      {...(phone === 'scroll' ? { tabindex: 0, role: 'region', 'aria-label': caption } : {})}
    >
      <table class="table" {...(id ? { id } : {})}>
        <caption class={showsCaption ? '' : 'visually-hidden'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map((c) =>
              c.label === '' ? (
                <td />
              ) : (
                <th scope="col" class={classOf(c)}>
                  {c.label}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr {...(rowId ? { id: rowId(row) } : {})}>
              {columns.map((c) =>
                c.isHeader ? (
                  <th scope="row" class={classOf(c)}>
                    {c.cell(row)}
                  </th>
                ) : (
                  <td class={classOf(c)} data-label={c.label}>
                    {c.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function classOf({ isNumber, isMinor, isWhole }: { isNumber?: boolean; isMinor?: boolean; isWhole?: boolean }): string {
  return [isNumber && 'num', isMinor && 'minor', isWhole && 'whole'].filter(Boolean).join(' ');
}
