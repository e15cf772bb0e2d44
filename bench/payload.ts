import { metrics } from '../src/core/metrics.ts';

/** Numeric values in a payload of `fullPayload`. */
export const VALUES_A_READING = metrics.filter((m) => m.kind !== 'text' && m.kind !== 'list').length;

/** A reading with every metric of the catalogue, plausible and different each time. */
export function fullReading(time: number, step: number): Record<string, unknown> {
  const reading: Record<string, unknown> = { timestamp: new Date(time).toISOString() };
  for (const [i, { name, kind, min, max }] of metrics.entries()) {
    if (kind === 'text') reading[name] = 'Battery';
    else if (kind === 'list') reading[name] = [];
    else if (kind === 'counter') reading[name] = round(1000 + i * 100 + step / 1000, 3);
    else reading[name] = round(within(50 + 30 * Math.sin(step / 50 + i) + Math.random(), min, max), 2);
  }
  return reading;
}

export function fullPayload(time: number, step: number): Buffer {
  return Buffer.from(JSON.stringify(fullReading(time, step)));
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const within = (value: number, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): number =>
  Math.min(max, Math.max(min, value));
