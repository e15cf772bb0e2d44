/** What the page of a source's data says in words. */
import { capitalised, formatDuration, formatNumber, listWords } from '../../core/format.ts';
import { isOfUnknown, isOfWholeMessage, isOfWholeReading, reasonWords } from '../../sources/refused-words.ts';
import type { EnergyQuantity } from '../energy/energy.ts';
import type { CounterOddity, QualityView } from './quality-view.ts';

/** "Measured 98.2 % of the time, at last about every 10 s." and which days have gaps. */
export function tellQuality(view: QualityView): string {
  const { coverage, intervalMs, daysWithGaps, daysSilent, daysResting } = view;
  if (view.readings === 0) return 'Nothing was measured on these days.';
  if (coverage === null) return 'Measuring has just begun.';
  // Two messages at once say nothing of a rhythm.
  const rhythm = intervalMs === null || intervalMs < 500 ? '' : `, at last about every ${formatDuration(intervalMs)}`;
  const sleeps = daysResting === 0 ? '' : ' By night it sleeps, which is no gap.';
  if (daysWithGaps === 0) return `Measured all ${daysResting === 0 ? 'the time' : 'day'}${rhythm}.${sleeps}`;
  const since = view.isFromFirst ? ' since the first reading' : '';
  const measured = `Measured ${sharePercent(coverage)}\u00a0% of the time${since}${rhythm}.`;
  const silent = daysSilent === 0 ? '' : `, and nothing was heard on ${silentDays(daysSilent, daysWithGaps)}`;
  return `${measured} ${count(daysWithGaps, 'day')} ${daysWithGaps === 1 ? 'has' : 'have'} gaps${silent}.${sleeps}`;
}

function silentDays(silent: number, withGaps: number): string {
  if (silent < withGaps) return `${formatNumber(silent)} of them`;
  return silent === 1 ? 'it' : 'any of them';
}

/** A share as percent that never says 100 when something is missing. */
export function sharePercent(share: number): string {
  if (share >= 1) return '100';
  const percent = Math.floor(share * 1000) / 10;
  return formatNumber(percent, percent >= 90 ? 1 : 0);
}

/** "1 day", "3 days", "1,200 days". */
export const count = (n: number, one: string): string => `${formatNumber(n)} ${n === 1 ? one : `${one}s`}`;

/** Something that was odd about the data, and what was done about it. */
export interface Oddity {
  title: string;
  /** How often, how much. */
  found: string;
  done: string;
}

/** All that was odd about how readings came; counters are told apart from it. */
export function tellArrivals(view: QualityView): Oddity[] {
  return [
    tellGaps(view),
    ...tellUnsaid(view),
    tellAgain(view),
    tellLate(view),
    tellClock(view),
    ...tellRefused(view),
  ].filter((oddity) => oddity !== null);
}

function tellGaps({ daysWithGaps, daysSilent, daysResting, coverage }: QualityView): Oddity | null {
  if (daysWithGaps === 0 || coverage === null) return null;
  const silent = daysSilent > 0 ? `, ${formatNumber(daysSilent)} of them without any reading` : '';
  const missing = `${sharePercent(1 - coverage)}\u00a0% of the time is missing`;
  return {
    title: 'Gaps',
    found: `${count(daysWithGaps, 'day')}${silent}; ${missing}${daysResting > 0 ? ', the nights in which it sleeps with it' : ''}.`,
    done: 'Nothing is made up. What a counter knew of a gap is counted; where nothing did, the totals say how much was measured.',
  };
}

const unsaidNames: Record<EnergyQuantity, string> = {
  solar: 'the sun gave',
  load: 'was used',
  import: 'was bought',
  export: 'was sold',
  charge: 'went into the battery',
  discharge: 'came out of the battery',
};

/** Energies that are missing for the same time, which those of both ways of one flow nearly always are, in one line. */
function tellUnsaid({ unsaid }: QualityView): Oddity[] {
  const alike = new Map<string, { ms: number; days: number; names: string[] }>();
  for (const { quantity, ms, days } of unsaid) {
    const key = `${Math.round(ms / 60_000)} ${days}`;
    const known = alike.get(key) ?? { ms, days, names: [] };
    alike.set(key, { ...known, names: [...known.names, unsaidNames[quantity]] });
  }
  return [...alike.values()].map(({ ms, days, names }) => ({
    title: 'Values missing',
    found: `What ${listWords(names)}: ${formatDuration(ms)} on ${count(days, 'day')} in which other values came.`,
    done: 'Nothing is made up. What a counter knew of it is counted; the totals say for how much of the time it was measured.',
  }));
}

function tellAgain({ arrivals: { again } }: QualityView): Oddity | null {
  if (again === 0) return null;
  return {
    title: 'Came again',
    found: `${count(again, 'reading')} that had been stored before.`,
    done: 'Merged with the first: the same moment is one reading and counts once.',
  };
}

function tellLate({ arrivals: { late, lateMs, latestMs, timed } }: QualityView): Oddity | null {
  if (late === 0) return null;
  const share = sharePercent(late / (late + timed));
  return {
    title: 'Came late',
    found: `${count(late, 'reading')} (${share}\u00a0%) more than 5 min after their time, ${formatDuration(lateMs / late)} on average, ${formatDuration(latestMs)} at most.`,
    done: 'Sorted into their place; charts and totals of that time were made anew.',
  };
}

/** Less is the way over the network, not a clock. ms. */
const IN_STEP_MS = 2000;

/** How the device's clock stands to ours, as a sentence; null when it sends no time of its own. */
function tellClock({ arrivals: { timed, delayMs, leastDelayMs, mostDelayMs } }: QualityView): Oddity | null {
  if (timed === 0) return null;
  const mean = delayMs / timed;
  if (Math.abs(mean) < IN_STEP_MS && mostDelayMs - leastDelayMs < 30_000) return null;
  const apart = formatDuration(Math.abs(mean));
  const ends = [signed(leastDelayMs), signed(mostDelayMs)];
  const range = ends[0] === ends[1] ? '' : ` (from ${ends.join(' to ')})`;
  return {
    title: 'Clock of the device',
    found:
      mean < 0
        ? `${apart} ahead of ours on average${range}.`
        : `${apart} behind ours on average, or its messages take that long${range}.`,
    done: 'Its own times stand, as long as they are at most 5 min ahead. If it is wrong by more than you like, set its clock.',
  };
}

const signed = (delayMs: number): string =>
  delayMs < 0 ? `${formatDuration(-delayMs)} ahead` : `${formatDuration(delayMs)} behind`;

/** Reasons that are named one by one. */
const MOST_REASONS = 6;

function tellRefused({ refused }: QualityView): Oddity[] {
  const told = refused.slice(0, MOST_REASONS).map(({ reason, values }) => {
    const whole = isOfWholeMessage(reason) ? 'message' : isOfWholeReading(reason) ? 'reading' : null;
    if (isOfUnknown(reason)) return unknownLeftOut(reason, values);
    return {
      title: 'Left out',
      found: `${count(values, whole ?? 'value')}: ${reasonWords(reason)}.`,
      done: whole ? 'Nothing of it was stored.' : 'Not stored. What was good in the same message was kept.',
    };
  });
  const rest = refused.slice(MOST_REASONS);
  if (rest.length === 0) return told;
  const values = rest.reduce((total, one) => total + one.values, 0);
  return [...told, { title: 'Left out', found: `${count(values, 'value')} for other reasons.`, done: 'Not stored.' }];
}

/** A number that the device wrote because it did not know one. */
const unknownLeftOut = (reason: string, values: number): Oddity => ({
  title: 'Showed “unknown”',
  found: `${count(values, 'value')}: ${reasonWords(reason)}.`,
  done: 'Removed: not stored, shown or counted as energy. What was good in the same message was kept.',
});

const counterTitles: Record<CounterOddity['kind'], string> = {
  reset: 'Began anew',
  rollover: 'Went over its highest value',
  jump: 'Jumped',
  catchUp: 'Caught up',
  return: 'Came back',
  unit: 'Counts in another unit',
  glitch: 'Wild values',
  dip: 'Showed a little less',
  zero: 'Showed zero',
  sentinel: 'Showed “unknown”',
  wild: 'Wild',
  declared: 'You said what it counted',
  stuck: 'Stood still',
  moves: 'Moves again',
  bridge: 'Knew of a gap',
};

export const counterTitle = (kind: CounterOddity['kind']): string => counterTitles[kind];

/** Kinds about which an owner may know more than the counter says. */
export const isCorrectable = (kind: CounterOddity['kind']): boolean =>
  kind === 'reset' || kind === 'jump' || kind === 'rollover' || kind === 'catchUp' || kind === 'stuck';

/** What the sources' clocks and rhythm are, in one line each, when nothing of it is odd. */
export function tellSound(view: QualityView): string[] {
  const { arrivals } = view;
  const sound = [
    ...(arrivals.again === 0 ? ['nothing came twice'] : []),
    ...(arrivals.late === 0 ? ['nothing came late'] : []),
    ...(view.refused.length + view.powers.length === 0 ? ['nothing had to be left out'] : []),
    ...(view.counters.length === 0 ? ['no counter did anything odd'] : []),
  ];
  const said = sound.length > 0 ? [`${capitalised(listWords(sound))}.`] : [];
  if (arrivals.timed + arrivals.late === 0)
    return [...said, 'No reading that came live had a time of its own: for those the time of arrival counts.'];
  return tellClock(view) ? said : [...said, 'The clock of the device is in step with ours.'];
}
