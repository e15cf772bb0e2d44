import type { Child } from 'hono/jsx';
import { formatDate, formatNumber } from '../../src/core/format.ts';
import { findMetric } from '../../src/core/metrics.ts';
import { toLocalSeconds } from '../../src/core/wall-clock.ts';
import type { CorrectionKind } from '../../src/telemetry/corrections/correction.ts';
import type { CorrectionEffect } from '../../src/telemetry/corrections/correction-effect.ts';
import { sayEffect, sayValue } from '../../src/telemetry/corrections/correction-words.ts';
import type { EnergyQuantity } from '../../src/telemetry/energy/energy.ts';
import { amounts } from '../../src/telemetry/totals/amount.ts';
import { periodName } from '../../src/telemetry/totals/totals-words.ts';
import { type Column, Notice, Table } from '../parts/index.ts';

interface EffectProps {
  effect: CorrectionEffect;
  kind: CorrectionKind;
  timeZone: string;
  /** What can be done now that this is known; stands before the single days and values. */
  children: Child;
}

type Item = CorrectionEffect['items'][number];
type Sample = CorrectionEffect['samples'][number];

/** What becomes of values and of energy: nothing of it is stored yet. */
export function Effect({ effect, kind, timeZone, children }: EffectProps) {
  const { items, samples, values, isWhole } = effect;
  return (
    <div class="effect">
      <p class="effect-story">{sayEffect(effect, kind)}</p>
      <EnergySums items={items} />
      {!isWhole && (
        <Notice>So much follows from it that not all of it was looked at. Later days may change, too.</Notice>
      )}
      {children}
      {items.length > 0 && <EnergyEffect items={items} period={effect.period} />}
      {samples.length > 0 && (
        <Table
          caption={samples.length < values ? `The first ${samples.length} of these values` : 'These values'}
          showsCaption
          columns={sampleColumns(timeZone, new Set(samples.map(({ metric }) => metric)).size > 1)}
          rows={samples}
        />
      )}
    </div>
  );
}

const sampleColumns = (timeZone: string, namesMetric: boolean): Column<Sample>[] => [
  {
    label: 'Time',
    isHeader: true,
    cell: ({ time }) => `${formatDate(time, timeZone, 'dayMonth')}, ${toLocalSeconds(time, timeZone).slice(11)}`,
  },
  ...(namesMetric ? [{ label: 'Value', cell: ({ metric }: Sample) => findMetric(metric)?.label ?? metric }] : []),
  {
    label: 'Is and becomes',
    isNumber: true,
    cell: ({ metric, before, after }) => <Becomes before={sayValue(metric, before)} after={sayValue(metric, after)} />,
  },
];

/** Rows that are shown; the sum stands for all of them. */
const MOST_ROWS = 31;
type Field = `${EnergyQuantity}Kwh`;
const quantities = amounts.flatMap(({ key, label }) => (key === 'own' ? [] : [{ label, field: `${key}Kwh` as Field }]));

interface EnergyRow {
  name: string;
  before: Item['before'];
  after: Item['after'];
}

/** The sums that change, over all periods; nothing where the one row of the table says it. */
function EnergySums({ items }: { items: readonly Item[] }) {
  const changing = changingOf(items);
  if (items.length < 2 || changing.length === 0) return null;
  return (
    <p>
      In all{' '}
      {changing.map(({ label, field }, i) => (
        <>
          {i > 0 && '; '}
          {label.toLowerCase()} <Change {...sums(items, field)} show={showKwh} />
          {'\u00a0'}kWh
        </>
      ))}
      .
    </p>
  );
}

const changingOf = (items: readonly Item[]) =>
  quantities.filter(({ field }) => items.some(({ before, after }) => isOther(before[field], after[field])));

/** Only the sums that change; each with what it is and what it becomes. */
function EnergyEffect({ items, period }: { items: readonly Item[]; period: 'day' | 'month' }) {
  const rows: EnergyRow[] = items
    .slice(0, MOST_ROWS)
    .map((item) => ({ name: periodName(item.period), before: item.before, after: item.after }));
  const changing = changingOf(items);
  const hasCoverage = items.some(({ before, after }) => Math.abs(before.coverage - after.coverage) >= 0.0005);
  const columns: Column<EnergyRow>[] = [
    { label: period === 'day' ? 'Day' : 'Month', isHeader: true, cell: (row) => row.name },
    ...changing.map(({ label, field }) => ({
      label: `${label}, kWh`,
      isNumber: true,
      cell: (row: EnergyRow) => <Change before={row.before[field]} after={row.after[field]} show={showKwh} />,
    })),
    ...(hasCoverage
      ? [
          {
            label: 'Measured, %',
            isNumber: true,
            cell: (row: EnergyRow) => (
              <Change before={row.before.coverage} after={row.after.coverage} show={showShare} />
            ),
          },
        ]
      : []),
  ];
  const more = items.length - rows.length;
  return (
    <>
      <Table caption={`What changes of each ${period}`} columns={columns} rows={rows} />
      {more > 0 && <p class="hint">{`And ${formatNumber(more)} more ${period}s.`}</p>}
    </>
  );
}

const sums = (items: readonly Item[], field: Field) => ({
  before: items.reduce((sum, { before }) => sum + (before[field] ?? 0), 0),
  after: items.reduce((sum, { after }) => sum + (after[field] ?? 0), 0),
});

const isOther = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a !== b : Math.abs(a - b) >= 0.0005;

const showKwh = (kwh: number | null): string => (kwh === null ? '-' : formatNumber(kwh, 2));
const showShare = (share: number | null): string =>
  share === null ? '-' : formatNumber(Math.floor(share * 1000) / 10, 1);

function Change(props: { before: number | null; after: number | null; show(value: number | null): string }) {
  const [before, after] = [props.show(props.before), props.show(props.after)];
  if (before === after && !isOther(props.before, props.after)) return <span>{after}</span>;
  return <Becomes before={before} after={after} />;
}

/** What it is, struck out, and what it becomes; said in words to whoever hears it. */
function Becomes({ before, after }: { before: string; after: string }) {
  return (
    <span class="change">
      <s>{before}</s> <span aria-hidden="true">→</span>
      <span class="visually-hidden"> becomes </span> <b>{after}</b>
    </span>
  );
}
