/** What the Totals page says in words. */
import { capitalised, formatDate, formatNumber, formatPercent, joinShown, listWords } from '../../core/format.ts';
import type { EnergyQuantity } from '../energy/energy.ts';
import type { EnergyOrigin } from '../figures.ts';
import type { EnergySummary } from '../house/house.ts';
import { sayLess, sayMeasured } from '../quality/coverage-words.ts';
import { type Amount, showSum } from './amount.ts';
import { type Comparison, differenceOf, pointsOf } from './comparison.ts';
import type { TotalsPeriod } from './totals-query.ts';
import type { TotalsView } from './totals-view.ts';

/** Noon of a period's first day, read in UTC: its name does not depend on any zone. */
const inside = (key: string): number => Date.parse(`${key.slice(0, 10).padEnd(10, '-01').slice(0, 10)}T12:00:00Z`);

/** "Sat 21 Nov 2026", "November 2026", "2026", "14:00". */
export function periodName(key: string): string {
  if (key === 'all') return 'All years';
  if (key.length === 4) return key;
  if (key.length === 7) return formatDate(Date.parse(`${key}-01T12:00:00Z`), 'UTC', 'longMonth');
  return key.length === 10 ? formatDate(inside(key), 'UTC', 'date') : `${key.slice(11, 16)}`;
}

/** Names of parts that stand beside each other, ascending: an hour that comes twice is "first 02:00" and "second 02:00". */
export function partNames(keys: readonly string[]): (key: string) => string {
  const named = new Map<string, string[]>();
  for (const key of keys) named.set(periodName(key), [...(named.get(periodName(key)) ?? []), key]);
  return (key) => {
    const name = periodName(key);
    const same = named.get(name) ?? [];
    return same.length < 2 ? name : `${same[0] === key ? 'first' : 'second'} ${name}`;
  };
}

/** The same as short as it may stand under a bar. */
export function partTick(key: string): string {
  if (key.length === 4) return key;
  if (key.length === 7) return formatDate(Date.parse(`${key}-01T12:00:00Z`), 'UTC', 'month').slice(0, 3);
  return key.length === 10 ? String(Number(key.slice(8))) : key.slice(11, 16);
}

const sumWords = [
  ['solarKwh', 'produced'],
  ['loadKwh', 'used'],
  ['importKwh', 'bought'],
  ['exportKwh', 'sold'],
] as const;

/** "So far you produced 312.4 kWh, used 288.0, bought 44.1 and sold 60.2."; null when nothing was measured. */
export function sayTotals(view: TotalsView): string | null {
  const { total, isSoFar } = view;
  const told = sumWords.flatMap(([field, verb], i) => {
    const kwh = total[field];
    return kwh === null || (i > 1 && kwh < 0.05) ? [] : [{ verb, kwh }];
  });
  if (told.length === 0) return null;
  const words = told.map(({ verb, kwh }, i) => `${verb} ${i === 0 ? energy(kwh) : showSum(kwh).text}`);
  const you = view.period.kind === 'all' ? 'In all you' : isSoFar ? 'So far you' : 'You';
  return `${you} ${listWords(words)}.`;
}

const energy = (kwh: number): string => joinShown(showSum(kwh));

/** "November 2025", "the same 24 days of November 2025", or "the same time of 2023" where that has one day less. */
export function sayBefore(comparison: Comparison, before: TotalsPeriod): string {
  const name = periodName(before.key);
  if (!comparison.isSoFar) return name;
  if (comparison.count !== comparison.countBefore) return `the same time of ${name}`;
  const unit = before.kind === 'day' ? 'hour' : 'day';
  return `the same ${comparison.count === 1 ? unit : `${formatNumber(comparison.count)} ${unit}s`} of ${name}`;
}

/**
 * "You produced 12 % more and used 3 % less than in November 2025.", or why the two are not compared; null when there is
 * nothing to say.
 */
export function sayComparison(comparison: Comparison | null, before: TotalsPeriod | null): string | null {
  if (!comparison || !before) return null;
  const name = sayBefore(comparison, before);
  if (!comparison.isFair) return sayUnfair(comparison, name);
  const clauses = [
    ['produced', differenceOf(comparison.now.solarKwh, comparison.before.solarKwh)],
    ['used', differenceOf(comparison.now.loadKwh, comparison.before.loadKwh)],
  ] as const;
  const [first, second] = clauses.flatMap(([verb, difference]) => (difference ? [{ verb, ...difference }] : []));
  if (!first) return null;
  const than = `${first.link} ${before.kind === 'day' && !comparison.isSoFar ? 'on' : 'in'} ${name}`;
  if (!second) return `You ${first.verb} ${first.words} ${than}.`;
  if (second.words === first.words) return `You ${first.verb} and ${second.verb} ${first.words} ${than}.`;
  if (second.link === first.link) return `You ${first.verb} ${first.words} and ${second.verb} ${second.words} ${than}.`;
  return `You ${first.verb} ${first.words} ${than}, and ${second.verb} ${second.words}.`;
}

function sayUnfair({ now, before }: Comparison, name: string): string {
  const percent = (share: number): string => `${formatPercent(Math.floor(share * 100)).text}\u00a0%`;
  return before.coverage < now.coverage
    ? `Of ${name} only ${percent(before.coverage)} was measured, so the two are not compared.`
    : `Only ${percent(now.coverage)} of this was measured, so it is not compared with ${name}.`;
}

/** The difference of one amount: "12 % more"; null where it cannot be said. */
export function amountDifference(amount: Amount, comparison: Comparison | null): string | null {
  if (!comparison?.isFair) return null;
  const [now, before] = [amount.of(comparison.now), amount.of(comparison.before)];
  return (amount.unit === '%' ? pointsOf(now, before) : differenceOf(now, before))?.short ?? null;
}

/** "counted by the device", "worked out from power": how a sum became known. */
export function sayOrigin(origin: EnergyOrigin | undefined, kwh: number | null): string {
  if (!origin || kwh === null) return 'not measured';
  const bridged =
    origin.bridgedKwh >= 0.05 ? `; ${energy(origin.bridgedKwh)} of it a counter knew of gaps, spread evenly` : '';
  if (origin.from === 'counter') return `counted by the device${bridged}`;
  if (origin.from === 'power') return 'worked out from power';
  return `counted by the device, ${energy(origin.powerKwh)} of it worked out from power${bridged}`;
}

/** A smaller share of a sum is not worth a word. */
const MENTIONED_SHARE = 0.01;

/** "Counted by the device.": how the sums became known that something was worked out of. */
export function sayOrigins(total: EnergySummary, quantities: readonly EnergyQuantity[]): string {
  const known = quantities.flatMap((quantity) => total.origins?.[quantity] ?? []);
  const kwh = quantities.reduce((sum, quantity) => sum + (total[`${quantity}Kwh`] ?? 0), 0);
  if (known.length === 0) return '';
  const bridgedKwh = known.reduce((sum, origin) => sum + origin.bridgedKwh, 0);
  const bridged = bridgedKwh > MENTIONED_SHARE * kwh ? ', gaps bridged by its counters' : '';
  if (known.every((origin) => origin.from === 'counter')) return `Counted by the device${bridged}.`;
  if (known.every((origin) => origin.from === 'power')) return 'Worked out from power.';
  return `Counted by the device and worked out from power${bridged}.`;
}

/** "Measured without gaps.", "Measured for 97 % of the time.", "Measured without gaps, what was produced only for 83 % of the time." */
export function sayCoverage(view: Pick<TotalsView, 'total' | 'leastMeasured'>): string {
  const { total } = view;
  const less = total.rests === 'all' ? null : sayLess(total);
  if (less) return `${capitalised(sayMeasured(less.coverage))}; ${less.words} of it.`;
  return `${capitalised(sayMeasured(total.coverage, [view.leastMeasured], total.rests))}.`;
}
