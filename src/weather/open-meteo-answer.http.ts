import { z } from 'zod';
import { type HourField, hourFields } from './hour-fields.ts';
import { emptyColumns, HOUR_MS } from './hours.ts';
import type { WeatherAnswer } from './ports.ts';

/** What Open-Meteo answers to a question for one place; fields that nobody asked for may be there. */
const answerSchema = z.object({
  elevation: z.number().nullish(),
  utc_offset_seconds: z.number().int().default(0),
  hourly_units: z.record(z.string(), z.string()),
  hourly: z
    .object({ time: z.array(z.union([z.number(), z.string()])).min(1) })
    .catchall(z.array(z.number().nullable()).or(z.unknown())),
});
type Answer = z.output<typeof answerSchema>;

/** The reason in `{"error": true, "reason": "..."}`; null when the text is no such thing. */
export function reasonOf(text: string): string | null {
  try {
    const { reason } = JSON.parse(text) as { reason?: unknown };
    return typeof reason === 'string' ? reason.replace(/\s+/g, ' ').trim().slice(0, 300) : null;
  } catch {
    return null;
  }
}

/** Reads an answer. Throws an `Error` that says what is wrong with it. */
export function readAnswer(text: string): WeatherAnswer {
  const parsed = answerSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`the answer has no hourly weather (${issue?.path.join('.') || 'answer'}: ${issue?.message})`);
  }
  const times = stampsOf(parsed.data);
  const values = emptyColumns(times.count);
  for (const field of hourFields) {
    const given = parsed.data.hourly[field.parameter];
    if (given === undefined || given === null) continue;
    values[field.name] = columnOf(field, given, parsed.data.hourly_units[field.parameter], times.count);
  }
  const elevationM = parsed.data.elevation;
  return {
    block: { ...times, values },
    elevationM: typeof elevationM === 'number' && Number.isFinite(elevationM) ? elevationM : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`the answer is not whole JSON (${text.length} characters)`);
  }
}

/**
 * Stamps as UTC. Asked for `timeformat=unixtime` they are seconds UTC; a server that writes local times instead says its
 * one offset for the whole answer. Anything but whole hours without a gap is refused: averages could not be placed.
 */
function stampsOf({ hourly, utc_offset_seconds: offsetS }: Answer): { from: number; count: number } {
  const times = hourly.time.map((time) =>
    typeof time === 'number' ? time * 1000 : Date.parse(`${time}Z`) - offsetS * 1000,
  );
  const [from = Number.NaN] = times;
  if (from % HOUR_MS !== 0 || times.some((time, i) => time !== from + i * HOUR_MS))
    throw new Error('the times of the answer are not whole hours, one after the other');
  return { from, count: times.length };
}

function columnOf(field: HourField, given: unknown, unit: string | undefined, count: number): (number | null)[] {
  const factor = field.unitFactors[unit ?? ''];
  if (factor === undefined) throw new Error(`${field.parameter} is in ${unit ?? 'no unit'}`);
  if (!Array.isArray(given) || given.length !== count)
    throw new Error(`${field.parameter} has not as many values as there are hours`);
  return given.map((value) => plausible(field, value, factor));
}

/** A value in the field's own unit, finely rounded; null for what is no weather. A hair below nothing is nothing. */
function plausible({ least, most, step }: HourField, value: unknown, factor: number): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  const scale = Math.round(1 / step);
  const own = Math.round(value * factor * scale) / scale + 0;
  if (least === 0 && own < 0 && own > -5 * step) return 0;
  return own < least || own > most ? null : own;
}
