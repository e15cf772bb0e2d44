/** How corrections are told to people. */
import { formatDate, formatNumber, lowered } from '../../core/format.ts';
import { findMetric, type MetricName } from '../../core/metrics.ts';
import { startOfDay, toLocalSeconds, toZonedIso } from '../../core/wall-clock.ts';
import { energyQuantities } from '../energy/energy.ts';
import type { CorrectionDraft, CorrectionKind } from './correction.ts';
import type { CorrectionEffect } from './correction-effect.ts';

export const kindLabels: Readonly<Record<CorrectionKind, { label: string; hint: string }>> = {
  remove: { label: 'Remove', hint: 'As if it had never come: whole readings, or the values of one kind.' },
  set: { label: 'Set to a value', hint: 'Where you know what it was.' },
  scale: { label: 'Multiply', hint: '0.001 where Wh were taken for kWh, −1 where a sign was the wrong way round.' },
  offset: { label: 'Add', hint: 'Where a meter was off by the same amount all the time.' },
  jump: {
    label: 'Say what a counter counted',
    hint: 'Where it was replaced, reset or jumped: what had been counted up to the next value from that moment on, whatever that shows.',
  },
};

/** "Solar power above 9,000 W removed, Tue 3 Mar 2026, 10:00 to 12:00." */
export function sayCorrection(draft: CorrectionDraft, timeZone: string): string {
  return `${sayWhat(draft)}, ${sayWhen(draft, timeZone)}.`;
}

function sayWhat({ kind, metric, amount, above, below }: CorrectionDraft): string {
  const unit = unitOf(metric);
  const bounds = [
    ...(above === null ? [] : [`above ${withUnit(above, unit)}`]),
    ...(below === null ? [] : [`below ${withUnit(below, unit)}`]),
  ].join(' and ');
  const of =
    metric === null ? 'Whole readings' : [findMetric(metric)?.label ?? metric, bounds].filter(Boolean).join(' ');
  if (kind === 'remove') return `${of} removed`;
  const by = amount ?? 0;
  if (kind === 'set') return `${of} set to ${withUnit(by, unit)}`;
  if (kind === 'scale') return `${of} multiplied by ${figure(by)}`;
  if (kind === 'jump') return `${of} counted ${withUnit(by, 'kWh')} over a jump`;
  return by < 0 ? `${withUnit(-by, unit)} taken from ${lowered(of)}` : `${withUnit(by, unit)} added to ${lowered(of)}`;
}

/** "Tue 3 Mar 2026, 10:00 to 12:00", "3 to 4 Mar ...", or "all of Tue 3 Mar 2026". */
function sayWhen({ kind, from, to }: CorrectionDraft, timeZone: string): string {
  const date = (time: number): string => formatDate(time, timeZone, 'date');
  if (kind === 'jump') return `${date(from)}, ${clock(from, timeZone)}`;
  const isFromMidnight = from === startOfDay(from, timeZone);
  if (isFromMidnight && to === startOfDay(from, timeZone, 1)) return `all of ${date(from)}`;
  if (isFromMidnight && to === startOfDay(to, timeZone))
    return `${date(from)} to ${date(startOfDay(to, timeZone, -1))}`;
  const isOneDay = startOfDay(from, timeZone) === startOfDay(to - 1, timeZone);
  const end = isOneDay ? clock(to, timeZone) : `${date(to)}, ${clock(to, timeZone)}`;
  return `${date(from)}, ${clock(from, timeZone)} to ${end}`;
}

/** "10:00", with seconds where there are some, and with the offset in the hour that the clock shows twice. */
function clock(time: number, timeZone: string): string {
  const local = toLocalSeconds(time, timeZone);
  const text = local.slice(11).replace(/(:\d\d):00$/, '$1');
  const isTwice = [-HOUR, -HOUR / 2, HOUR / 2, HOUR].some((by) => toLocalSeconds(time + by, timeZone) === local);
  return isTwice ? `${text} (${toZonedIso(time, timeZone).slice(19)})` : text;
}

const HOUR = 3_600_000;

const unitOf = (metric: string | null): string => {
  const unit = (metric && findMetric(metric)?.unit) || '';
  return unit === 'degC' ? '°C' : unit;
};

const withUnit = (value: number, unit: string): string => (unit ? `${figure(value)}\u00a0${unit}` : figure(value));

/** A number as exactly as it was given. */
function figure(value: number): string {
  const digits = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  return Math.abs(value) < 1e-6 && value !== 0 ? String(value) : formatNumber(value, Math.min(digits, 6));
}

/** "It changes 288 values and the energy of 2 days." */
export function sayEffect(effect: CorrectionEffect, kind: CorrectionKind): string {
  const { values, isMore, items, period } = effect;
  const counted = (count: number): string => `${formatNumber(count)} ${period}${count === 1 ? '' : 's'}`;
  const moved = items.filter(({ before, after }) =>
    quantityFields.some((field) => isOther(before[field], after[field])),
  );
  const energy = moved.length === 0 ? '' : `the energy of ${counted(moved.length)}`;
  if (kind === 'jump') return energy ? `It changes ${energy}.` : 'It changes the energy of no day.';
  const changed = `${formatNumber(values)}${isMore ? ' or more' : ''} ${values === 1 ? 'value' : 'values'}`;
  if (values === 0 && !energy) return 'It changes nothing: there is no such value in this time.';
  if (energy) return `It changes ${changed} and ${energy}.`;
  return items.length > 0
    ? `It changes ${changed} and how much of ${counted(items.length)} counts as measured. The energy stays as it is.`
    : `It changes ${changed}. The energy of each day stays as it is.`;
}

const quantityFields = energyQuantities.map((quantity) => `${quantity}Kwh` as const);

/** A difference of less than half a watt-hour is none. */
const isOther = (a: number | null, b: number | null): boolean =>
  a === null || b === null ? a !== b : Math.abs(a - b) >= 0.0005;

/** A value of a reading, as exactly as it is stored. */
export function sayValue(metric: MetricName, value: number | string | string[] | null): string {
  if (value === null) return 'removed';
  if (typeof value === 'number') return withUnit(Number(value.toPrecision(9)), unitOf(metric));
  return Array.isArray(value) ? value.join(', ') : value;
}
