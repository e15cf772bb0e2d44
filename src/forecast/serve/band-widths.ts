/**
 * How much wider or narrower than learned the bands are made, by how old the weather is that they rest on, and for days by
 * how far ahead they lie. What a forecast three days old says of clouds is worth less than one of this morning; how much less
 * depends on place and season, so it is not assumed but followed: after every day that was forecast the factors move by
 * how often its bands were missed (adaptive conformal inference, Gibbs and Candes, NeurIPS 2021, on the logarithm).
 */
export interface BandWidths {
  /** By whole days between learning the weather and the interval, 0 to 7. */
  hours: number[];
  /** By days ahead, 0 (today) to 7. */
  days: number[];
  /** Days that were followed. */
  seen: number;
  /** How often each factor was: the first times move it further, and what lies a week ahead is judged a week later. */
  moves?: { hours: number[]; days: number[] };
}

const LEADS = 8;
/** Errors of cloud forecasts grow by an eighth a day in the first week, nearly enough, before anything was seen. */
const GROWTH = 0.12;
/** Whole days are missed a little more often than their hours make believe. */
const DAYS_WIDER = 1.3;
const BOUNDS = { least: 0.4, most: 5 };
const RATE = 0.12;
const FIRST_RATE = 0.6;
/** After so many days the rate is half-way down. */
const SETTLES_DAYS = 4;
const MISSED_SHARE = 0.2;

export const usualWidths = (): BandWidths => ({
  hours: Array.from({ length: LEADS }, (_, lead) => 1 + GROWTH * Math.max(0, lead - 0.5)),
  days: Array.from({ length: LEADS }, () => DAYS_WIDER),
  seen: 0,
});

/** Factor for weather of some hours' age, on straight lines between whole days. */
export function widthAt(widths: BandWidths, ageH: number): number {
  const at = Math.min(LEADS - 1, Math.max(0, ageH / 24));
  const low = Math.floor(at);
  const [from, to] = [widths.hours[low] ?? 1, widths.hours[Math.min(LEADS - 1, low + 1)] ?? 1];
  return from + (to - from) * (at - low);
}

export const dayWidthAt = (widths: BandWidths, daysAhead: number): number =>
  widths.days[Math.min(LEADS - 1, Math.max(0, daysAhead))] ?? 1;

/** What was missed of one day's forecast at one lead: shares of its intervals that lay outside p10 to p90, and the day itself. */
export interface MissedShare {
  lead: number;
  /** Null when nothing was judged. */
  hours: number | null;
  day: boolean | null;
}

/** The factors after a day. */
export function followed(widths: BandWidths, missed: readonly MissedShare[]): BandWidths {
  const before = widths.moves ?? {
    hours: widths.hours.map(() => widths.seen),
    days: widths.days.map(() => widths.seen),
  };
  const moves = { hours: [...before.hours], days: [...before.days] };
  const next = { hours: [...widths.hours], days: [...widths.days], seen: widths.seen + 1, moves };
  const move = (kind: 'hours' | 'days', lead: number, share: number): void => {
    const rate = RATE + (FIRST_RATE - RATE) * 0.5 ** ((moves[kind][lead] ?? 0) / SETTLES_DAYS);
    const step = rate * (share - MISSED_SHARE);
    // What lies further ahead was never judged yet, and is missed as often at least: it goes along.
    const along = moves[kind].findIndex((count, other) => other > lead && count > 0);
    for (let other = lead; other < (along < 0 ? LEADS : along); other++)
      next[kind][other] = moved(next[kind][other] ?? 1, step);
    moves[kind][lead] = (moves[kind][lead] ?? 0) + 1;
  };
  for (const { lead, hours, day } of missed) {
    if (hours !== null) move('hours', lead, hours);
    if (day !== null) move('days', lead, day ? 1 : 0);
  }
  return next;
}

const moved = (factor: number, by: number): number =>
  Math.min(BOUNDS.most, Math.max(BOUNDS.least, factor * Math.exp(by)));
