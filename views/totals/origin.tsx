import { formatEnergy, joinShown } from '../../src/core/format.ts';
import { qualityUrl } from '../../src/telemetry/quality/quality-query.ts';
import { amounts } from '../../src/telemetry/totals/amount.ts';
import type { TotalsView } from '../../src/telemetry/totals/totals-view.ts';
import { sayCoverage, sayOrigin } from '../../src/telemetry/totals/totals-words.ts';
import { type Column, Table } from '../parts/index.ts';
import { isMeasured } from './figures.tsx';

interface Row {
  label: string;
  kwh: number | null;
  from: string;
  how: string;
}

/** Each sum with the sources that it is made of, and how it became known. */
export function NumbersOrigin({ view, sourceNames }: { view: TotalsView; sourceNames: ReadonlyMap<string, string> }) {
  const rows = amounts.flatMap((amount): Row[] => {
    if (amount.key === 'own' || !isMeasured(amount, view)) return [];
    const kwh = amount.of(view.total);
    const shares = Object.entries(view.total.shares[amount.key] ?? {});
    const names = shares.map(([id, own]) => {
      const name = sourceNames.get(id) ?? 'a source';
      return shares.length > 1 ? `${name} ${joinShown(formatEnergy(own))}` : name;
    });
    const isDerived = amount.key === 'load' && view.total.isLoadDerived;
    return [
      {
        label: amount.label,
        kwh,
        from: isDerived ? 'the balance of the others' : names.length > 0 ? names.join(', ') : '-',
        how: isDerived ? 'worked out' : sayOrigin(view.total.origins?.[amount.key], kwh),
      },
    ];
  });
  const columns: Column<Row>[] = [
    { label: 'Sum', isHeader: true, cell: (row) => row.label },
    { label: 'kWh', isNumber: true, cell: (row) => formatEnergy(row.kwh).text },
    { label: 'From', cell: (row) => row.from },
    { label: 'How it is known', cell: (row) => row.how },
  ];
  return (
    <details class="origin">
      <summary>Where these numbers come from</summary>
      <Table caption="Where these numbers come from" columns={columns} rows={rows} />
      <p class="hint">
        {sayCoverage(view)} Nothing is made up for gaps; what a counter knew of a gap is counted. Each sum comes from
        the sources whose role it is, and nothing counts twice.
      </p>
      <SourceData sources={[...sourceNames]} periodKey={view.period.key} />
    </details>
  );
}

/** The way to how well the readings of each source came, in the same month where one is shown, and to correcting them. */
function SourceData({
  sources,
  periodKey,
}: {
  sources: readonly (readonly [id: string, name: string])[];
  periodKey: string;
}) {
  const month = periodKey.length >= 7 ? periodKey.slice(0, 7) : 'recent';
  return (
    <>
      {sources.map(([id, name]) => (
        <p class="origin-source">
          {name}: <a href={qualityUrl(id, month)}>how well its data came</a>,{' '}
          <a href={`/sources/${id}/corrections`}>what was corrected</a>
        </p>
      ))}
    </>
  );
}
