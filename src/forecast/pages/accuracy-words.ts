import { formatDate, formatNumber, formatPower, joinShown } from '../../core/format.ts';
import { fromLocalInput } from '../../core/wall-clock.ts';
import type { AccuracyView, LeadView } from '../forecast-view.ts';
import type { ForecastQuantity } from '../issue.ts';

/** The sentences and comparisons of the Accuracy page. */

/** Forecasts without learning that an error is held against, with the mark that stands for each. */
export interface Rival {
  key: 'reference' | 'persistence' | 'clearPersistence';
  label: string;
  hint: string;
  errorOf(lead: LeadView): number | null;
}

export function rivalsOf(quantity: ForecastQuantity): readonly Rival[] {
  const isSolar = quantity === 'solar';
  const reference: Rival = {
    key: 'reference',
    label: isSolar ? 'Physics alone' : 'What is usual',
    hint: isSolar ? 'the panels, the sun and the weather, nothing learned' : 'the same time on the weeks before',
    errorOf: (lead) => lead.referenceErrorW,
  };
  const persistence: Rival = {
    key: 'persistence',
    label: 'As the day before',
    hint: 'the same time on the last day that is known',
    errorOf: (lead) => lead.persistenceErrorW,
  };
  const clear: Rival = {
    key: 'clearPersistence',
    label: 'As the day before, by the sun',
    hint: 'the same, carried over by how the sun stands',
    errorOf: (lead) => lead.clearPersistenceErrorW,
  };
  return isSolar ? [reference, persistence, clear] : [reference, persistence];
}

/** The lead times of the day ahead, by which a forecast is judged in one number. */
const isDayAhead = ({ fromH, toH }: LeadView): boolean => fromH >= 12 && toH <= 48;

interface DayAhead {
  errorW: number;
  /** The best of the others, and its name. */
  best: { label: string; errorW: number } | null;
}

/** Errors of what was said the day before; null while nothing was judged. */
export function dayAheadOf(view: AccuracyView): DayAhead | null {
  const leads = view.leads.filter(isDayAhead);
  const errorW = meanOf(leads, (lead) => lead.errorW);
  if (errorW === null) return null;
  const rivals = rivalsOf(view.subject.quantity).flatMap(({ label, errorOf }) => {
    const error = meanOf(leads, errorOf);
    return error === null ? [] : [{ label, errorW: error }];
  });
  const best = rivals.reduce<DayAhead['best']>(
    (least, one) => (least && least.errorW <= one.errorW ? least : one),
    null,
  );
  return { errorW, best };
}

function meanOf(leads: readonly LeadView[], of: (lead: LeadView) => number | null): number | null {
  let [sum, count] = [0, 0];
  for (const lead of leads) {
    const value = of(lead);
    if (value === null) continue;
    sum += value * lead.intervals;
    count += lead.intervals;
  }
  return count > 0 ? sum / count : null;
}

/** "A day ahead off by 140 W on average" */
export function accuracyHeadline(view: AccuracyView): string {
  const ahead = dayAheadOf(view);
  if (!ahead) return 'Nothing has been judged yet';
  return `A day ahead it was off by ${plain(ahead.errorW)} on average`;
}

/** How that compares with the best forecast that learns nothing. */
export function accuracyLead(view: AccuracyView): string {
  const ahead = dayAheadOf(view);
  if (!ahead) return 'The first days are judged the night after they were forecast.';
  const days = `${view.dayCount} ${view.dayCount === 1 ? 'day' : 'days'} judged, nights included.`;
  if (!ahead.best || ahead.best.errorW <= 0) return days;
  const share = 1 - ahead.errorW / ahead.best.errorW;
  const than = `the best without learning (${ahead.best.label.toLowerCase()}, ${plain(ahead.best.errorW)})`;
  if (Math.abs(share) < 0.02) return `About as much as ${than}. ${days}`;
  return `${formatNumber(Math.abs(share) * 100)} % ${share > 0 ? 'less' : 'more'} than ${than}. ${days}`;
}

const plain = (watts: number): string => joinShown(formatPower(watts)).replace('\u00a0', ' ');

/** Whether a band holds what it promises; with few that were judged nothing can be said. */
export function coverageWords(share: number | null, judged: number, wanted: number): string {
  if (share === null || judged < FEWEST) return 'Too few were judged to tell.';
  const off = share - wanted;
  if (Math.abs(off) <= NEAR) return 'As promised.';
  return off > 0 ? 'Wider than promised: rather too careful.' : 'Narrower than promised: rather too sure.';
}

const FEWEST = 20;
const NEAR = 0.05;

export const coverageText = (share: number | null): string => (share === null ? '-' : `${formatNumber(share * 100)} %`);

/** "Sat 21 Nov 2026" of a date of the calendar. */
export const dateName = (date: string): string => formatDate(Date.parse(`${date}T12:00:00Z`), 'UTC', 'date');
export const shortDate = (date: string): string => formatDate(Date.parse(`${date}T12:00:00Z`), 'UTC', 'dayMonth');

/** The last moment before a date of a calendar begins, ms UTC. */
export const eveningBefore = (date: string, timeZone: string): number => (fromLocalInput(date, timeZone) ?? 0) - 1;
