import { findMetric, isNumeric, type MetricName, type NumericMetric } from '../../core/metrics.ts';

/** A line that is asked for: a metric of what the page shows, or of another source, group or house beside it. */
export interface AskedLine {
  metric: NumericMetric;
  /** `house`, `group:<id>` or `source:<id>`; null for what the page shows. */
  scope: string | null;
}

/** Most lines in one picture: more than these nobody tells apart. */
export const MAX_LINES = 8;

/** How a line is named in addresses and on the page: `solarPower`, `solarPower@source:<id>`. */
export const lineKey = ({ metric, scope }: AskedLine): string => (scope === null ? metric : `${metric}@${scope}`);

export const linesOf = (metrics: readonly NumericMetric[]): AskedLine[] =>
  metrics.map((metric) => ({ metric, scope: null }));

/** The lines of an address that can be drawn, each once. `has` says whether a scope ever reported a metric. */
export function readLines(
  text: string | undefined,
  shown: string,
  has: (scope: string | null, metric: MetricName) => boolean,
): AskedLine[] {
  const lines = split(text).flatMap(({ name, scope }): AskedLine[] => {
    const metric = findMetric(name);
    if (!metric || !isNumeric(metric)) return [];
    const line = { metric: metric.name, scope: scope === shown ? null : scope };
    return has(line.scope, line.metric) ? [line] : [];
  });
  return [...new Map(lines.map((line) => [lineKey(line), line])).values()].slice(0, MAX_LINES);
}

/** What an address names and is not drawn, by its label where it is a value that there is; each once. */
export function leftOut(text: string | undefined, shown: string, lines: readonly AskedLine[]): string[] {
  const drawn = new Set(lines.map(lineKey));
  const missing = split(text).filter(({ name, scope }) => {
    const metric = findMetric(name);
    const isNumber = metric !== undefined && isNumeric(metric);
    return !isNumber || !drawn.has(lineKey({ metric: metric.name, scope: scope === shown ? null : scope }));
  });
  return [...new Set(missing.map(({ name }) => findMetric(name)?.label ?? name.slice(0, LONGEST_SHOWN)))];
}

const LONGEST_SHOWN = 40;

/** The scopes that lines of an address name. */
export const scopesNamed = (text: string | undefined): string[] => [
  ...new Set(split(text).flatMap(({ scope }) => scope ?? [])),
];

function split(text: string | undefined): { name: string; scope: string | null }[] {
  return (text ?? '')
    .split(',')
    .filter(Boolean)
    .slice(0, 4 * MAX_LINES)
    .map((item) => {
      const at = item.indexOf('@');
      return at < 0 ? { name: item, scope: null } : { name: item.slice(0, at), scope: item.slice(at + 1) };
    });
}

/** With this line too, or without it when it is there. */
export function withToggled(lines: readonly AskedLine[], line: AskedLine): AskedLine[] {
  const key = lineKey(line);
  return lines.some((one) => lineKey(one) === key) ? lines.filter((one) => lineKey(one) !== key) : [...lines, line];
}
