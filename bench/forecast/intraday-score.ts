/** Errors at hours of issue, by lead time and by day, so that chance can be told from skill. */

/** Ends of the leads told apart, hours. */
export const leadEndsH = [1, 3, 6] as const;
export const ISSUE_REACH_H = 6;

/** What several ways of forecasting said of one interval, W. */
export type Said<N extends string> = Record<N, number>;

export interface IntradayScore<N extends string> {
  add(leadH: number, day: number, actualW: number, said: Said<N>): void;
  lines(): LeadLine<N>[];
}

export interface LeadLine<N extends string> {
  label: string;
  intervals: number;
  /** Mean absolute error, W. */
  mae: Record<N, number>;
  /** How much smaller the error of one is than that of another, a share of the latter, and its standard error over days. */
  saved(one: N, than: N): { share: number; error: number };
}

export function intradayScore<N extends string>(names: readonly N[]): IntradayScore<N> {
  const leads = leadEndsH.map(() => new Map<number, { count: number; sums: Record<N, number> }>());
  return {
    add: (leadH, day, actualW, said) => {
      const lead = leads[leadEndsH.findIndex((end) => leadH < end)];
      if (!lead) return;
      const sum = lead.get(day) ?? { count: 0, sums: Object.fromEntries(names.map((name) => [name, 0])) as Said<N> };
      sum.count++;
      for (const name of names) sum.sums[name] += Math.abs(said[name] - actualW);
      lead.set(day, sum);
    },
    lines: () =>
      leads.map((days, at) => lineOf(names, [...days.values()], `${leadEndsH[at - 1] ?? 0} to ${leadEndsH[at]} h`)),
  };
}

function lineOf<N extends string>(
  names: readonly N[],
  days: readonly { count: number; sums: Record<N, number> }[],
  label: string,
): LeadLine<N> {
  const intervals = days.reduce((sum, { count }) => sum + count, 0);
  const total = (name: N): number => days.reduce((sum, { sums }) => sum + sums[name], 0);
  return {
    label,
    intervals,
    mae: Object.fromEntries(names.map((name) => [name, total(name) / intervals])) as Record<N, number>,
    saved: (one, than) => {
      const share = 1 - total(one) / total(than);
      const squares = days.reduce((sum, { sums }) => sum + (sums[than] * (1 - share) - sums[one]) ** 2, 0);
      return { share, error: Math.sqrt(squares) / total(than) };
    },
  };
}
