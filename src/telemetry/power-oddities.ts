import { formatDate, formatNumber } from '../core/format.ts';
import { findMetric } from '../core/metrics.ts';
import { newCorrectionUrl } from './corrections/correction-form.ts';
import type { CounterOddity, QualityView } from './quality/quality-view.ts';
import { count, type Oddity } from './quality/quality-words.ts';

/** What the page of a source's data says of powers that were left out of its energy. */

export interface PowerOddity extends Oddity {
  /** The form that takes them out of charts, too. */
  url: string;
}

/** Each power and reason, newest first. */
export function tellPowers(view: QualityView, source: { id: string; timeZone: string }): PowerOddity[] {
  return view.powers.map((oddity) => ({
    title: `${findMetric(oddity.metric)?.label ?? oddity.metric}: ${oddity.kind === 'wild' ? 'wild' : 'showed “unknown”'}`,
    found: oddity.kind === 'wild' ? sayWild(oddity, source.timeZone) : sayUnknown(oddity, source.timeZone),
    done: oddity.done,
    url: newCorrectionUrl(source.id, correctionOf(oddity)),
  }));
}

function sayWild({ times, newest, before, after }: CounterOddity, timeZone: string): string {
  const most = `up to ${watts(before)} are believed of a single value`;
  return `${count(times, 'wild power')} left out, ${whenOf(times, newest, timeZone)}: ${watts(after)}, where ${most}.`;
}

function sayUnknown({ times, newest, after }: CounterOddity, timeZone: string): string {
  return `${count(times, 'value')} left out, ${whenOf(times, newest, timeZone)}: ${watts(after)}.`;
}

const whenOf = (times: number, newest: number, timeZone: string): string =>
  `${times === 1 ? '' : 'the newest '}${formatDate(newest, timeZone, 'dateTime')}`;

const watts = (value: number): string => `${formatNumber(value, 0)}\u00a0W`;

/** Removes the same from what is shown: of wild ones all that lie as far outside, of others that very number. */
function correctionOf({ kind, metric, first, until, before, after }: CounterOddity) {
  const range = { from: new Date(first).toISOString(), to: new Date(until).toISOString() };
  const [above, below] = kind !== 'wild' ? [after - 0.5, after + 0.5] : after > 0 ? [before, null] : [null, -before];
  const text = (bound: number | null) => (bound === null ? '' : String(bound));
  return { kind: 'remove', metric, ...range, above: text(above), below: text(below) };
}
