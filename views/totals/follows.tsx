import type { Child } from 'hono/jsx';
import { formatEnergy, formatNumber, formatPercent, joinShown, type Shown } from '../../src/core/format.ts';
import type { EnergyQuantity } from '../../src/telemetry/energy/energy.ts';
import { sayPerformance, showRatio } from '../../src/telemetry/performance/performance-words.ts';
import { type TotalsRequest, urlOfKey } from '../../src/telemetry/totals/totals-query.ts';
import type { TotalsRecord } from '../../src/telemetry/totals/totals-records.ts';
import type { TotalsView } from '../../src/telemetry/totals/totals-view.ts';
import { periodName, sayOrigins } from '../../src/telemetry/totals/totals-words.ts';

interface FollowsProps {
  view: TotalsView;
  request: TotalsRequest;
}

interface Fact {
  name: string;
  shown: Shown | null;
  /** What it means. */
  meaning: string;
  /** The sums that it was worked out of. */
  of: readonly EnergyQuantity[];
}

/** What follows from the sums, each with what it means and where it comes from. */
export function Follows({ view, request }: FollowsProps) {
  const facts = factsOf(view);
  if (view.isEmpty || (facts.length === 0 && view.records.length === 0)) return null;
  return (
    <section class="follows" aria-labelledby="follows-title">
      <h2 id="follows-title">What follows from it</h2>
      <dl class="follows-facts">
        {facts.map((fact) => (
          <div class="follows-fact">
            <dt>{fact.name}</dt>
            <dd>
              <span class="follows-value">
                <span class="number">{fact.shown?.text ?? '-'}</span>
                {fact.shown?.unit && <span class="unit">{fact.shown.unit}</span>}
              </span>
              <span class="hint">
                {fact.meaning} {fact.shown && sayOrigins(view.total, fact.of)}
              </span>
            </dd>
          </div>
        ))}
      </dl>
      <Records records={view.records} request={request} />
    </section>
  );
}

const percent = (share: number | null): Shown | null => (share === null ? null : formatPercent(share * 100));

function factsOf(view: TotalsView): Fact[] {
  return [
    ...gridFacts(view),
    ...batteryFacts(view),
    ...lossFacts(view),
    ...yieldFacts(view),
    ...performanceFacts(view),
  ];
}

function gridFacts({ total, hasGrid }: TotalsView): Fact[] {
  if (!hasGrid) return [];
  return [
    {
      name: 'Self-sufficiency',
      shown: percent(total.selfSufficiency),
      meaning: 'The share of what you used that was not bought.',
      of: ['load', 'import'],
    },
    {
      name: 'Self-consumption',
      shown: percent(total.selfConsumption),
      meaning: 'The share of what you produced that was not sold.',
      of: ['solar', 'export'],
    },
  ];
}

function batteryFacts({ follows, hasBattery, period }: TotalsView): Fact[] {
  if (!hasBattery) return [];
  const capacity = follows.capacityKwh === null ? null : joinShown(formatEnergy(follows.capacityKwh));
  const isLong = period.kind !== 'day';
  const efficiency: Fact = {
    name: 'Battery, round trip',
    shown: percent(follows.roundTrip),
    meaning: sayRoundTrip(follows.roundTrip),
    of: ['charge', 'discharge'],
  };
  return [
    {
      name: 'Battery, full cycles',
      shown: follows.fullCycles === null ? null : { text: formatNumber(follows.fullCycles, 1), unit: '' },
      meaning: capacity
        ? `How often its whole capacity of ${capacity} was taken out; the capacity is what the battery says of itself.`
        : 'The battery has not said its capacity, so cycles cannot be counted.',
      of: ['discharge'],
    },
    ...(isLong || follows.roundTrip !== null ? [efficiency] : []),
  ];
}

function sayRoundTrip(share: number | null): string {
  if (share === null) return 'Told once the battery was charged about twice.';
  if (share > 1) return 'More came out than went in: the device counts charge and discharge differently.';
  return 'What came out of the battery of what went in, without what it still holds.';
}

function lossFacts({ follows, total }: TotalsView): Fact[] {
  const { losses } = follows;
  if (!losses) {
    return total.isLoadDerived
      ? [
          {
            name: 'Losses',
            shown: null,
            meaning: 'Nothing measures the house itself, so losses count as used.',
            of: [],
          },
        ]
      : [];
  }
  const share = formatPercent(Math.abs(losses.share) * 100).text;
  if (losses.kwh < 0) {
    const more = joinShown(formatEnergy(-losses.kwh));
    return [
      {
        name: 'Losses',
        shown: null,
        meaning: `More went out than came in, by ${more}: the meters do not agree.`,
        of: [],
      },
    ];
  }
  return [
    {
      name: 'Losses',
      shown: formatEnergy(losses.kwh),
      meaning: `${share}\u00a0% of what came in: neither used nor sold nor stored, but lost in inverter and battery.`,
      of: ['solar', 'import', 'export', 'load'],
    },
  ];
}

function yieldFacts({ follows, period }: TotalsView): Fact[] {
  const found = follows.specificYield;
  if (!found || period.kind === 'all') return [];
  const installed = formatNumber(found.installedKwp, 2);
  const without = found.withoutPeak.length > 0 ? ' Sources whose peak power is not known are left out.' : '';
  return [
    {
      name: 'Specific yield',
      shown: { text: formatNumber(found.kwhPerKwp, found.kwhPerKwp < 10 ? 1 : 0), unit: 'kWh/kWp' },
      meaning: `What each kilowatt of ${installed} kWp installed produced.${without}`,
      of: ['solar'],
    },
  ];
}

function performanceFacts({ follows }: TotalsView): Fact[] {
  const { performance } = follows;
  if (performance === undefined) return [];
  return [
    {
      name: 'Performance ratio',
      shown: showRatio(performance?.ratio ?? null),
      meaning: sayPerformance(performance),
      of: ['solar'],
    },
  ];
}

const recordNames = { solar: 'Most produced', load: 'Most used', export: 'Most sold', import: 'Most bought' } as const;

function Records({ records, request }: { records: readonly TotalsRecord[]; request: TotalsRequest }) {
  if (records.length === 0) return null;
  return (
    <ul class="records" aria-label="Records">
      {records.map((record) => (
        <li>
          <span class="record-name">{recordName(record)}</span>
          <span class="record-value">{recordValue(record)}</span>
          <span class="record-when">{recordWhen(record, request)}</span>
        </li>
      ))}
    </ul>
  );
}

function recordName(record: TotalsRecord): string {
  if (record.kind === 'unbought') return 'Longest without buying';
  const within = { 4: 'in a year', 7: 'in a month', 10: 'in a day' }[record.period.length] ?? 'in an hour';
  return `${recordNames[record.quantity]} ${within}`;
}

function recordValue(record: TotalsRecord): string {
  return record.kind === 'unbought' ? `${record.days} days` : joinShown(formatEnergy(record.kwh));
}

function recordWhen(record: TotalsRecord, request: TotalsRequest): Child {
  if (record.kind === 'unbought') return `${periodName(record.from)} to ${periodName(record.to)}`;
  if (record.period.length > 10) return periodName(record.period);
  return (
    <a href={urlOfKey(request, record.period)} data-totals={`record-${record.period}`}>
      {periodName(record.period)}
    </a>
  );
}
