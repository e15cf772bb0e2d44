import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import { type HourFieldName, hourFields } from '../weather/hour-fields.ts';
import { DAY_MS, HOUR_MS } from '../weather/hours.ts';
import { simulatedBlock } from './weather-model.ts';

/** A weather service on this machine alone, for the demo: it speaks as Open-Meteo does, of the demo house's own weather. */
export interface SimulatedWeather {
  /** `http://127.0.0.1:41234`. */
  url: string;
  stop(): void;
}

const MOST_DAYS = 400;
const units = Object.fromEntries(
  hourFields.map((field) => [field.parameter, Object.entries(field.unitFactors).find(([, by]) => by === 1)?.[0] ?? '']),
);
const nameOf = new Map<string, HourFieldName>(hourFields.map((field) => [field.parameter, field.name]));

/** Starts it on a free port of loopback. */
export function serveSimulatedWeather(clock: Clock): SimulatedWeather {
  const server = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: (request) => answerQuestion(new URL(request.url), clock.now()),
  });
  return { url: `http://127.0.0.1:${server.port}`, stop: () => void server.stop(true) };
}

/** What the service answers at `now`. */
export function answerQuestion({ pathname, searchParams }: URL, now: number): Response {
  if (pathname === '/v1/forecast') return answer(searchParams, forecastSpan(searchParams, now), now);
  if (pathname === '/v1/archive') return answer(searchParams, archiveSpan(searchParams), Number.MAX_SAFE_INTEGER);
  return refusal('There is no such path.', 404);
}

function forecastSpan(query: URLSearchParams, now: number): { from: number; count: number } {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const past = whole(query.get('past_days'), 0, 92);
  const ahead = whole(query.get('forecast_days'), 7, 16);
  return { from: today - days(past), count: 24 * (past + ahead) };
}

function archiveSpan(query: URLSearchParams): { from: number; count: number } | null {
  const first = Date.parse(`${query.get('start_date')}T00:00:00Z`);
  const last = Date.parse(`${query.get('end_date')}T00:00:00Z`);
  const length = (last - first) / DAY_MS + 1;
  return length >= 1 && length <= MOST_DAYS ? { from: first, count: 24 * length } : null;
}

function answer(query: URLSearchParams, span: { from: number; count: number } | null, toldAt: number): Response {
  const latitude = Number(query.get('latitude') ?? Number.NaN);
  const longitude = Number(query.get('longitude') ?? Number.NaN);
  if (!span || !Number.isFinite(latitude) || !Number.isFinite(longitude))
    return refusal('The question is not whole.', 400);
  const wanted = (query.get('hourly') ?? '').split(',').filter((parameter) => nameOf.has(parameter));
  const block = simulatedBlock(span.from, span.count, { latitude, longitude }, toldAt);
  const columns = wanted.map((parameter) => [parameter, block.values[nameOf.get(parameter) as HourFieldName]]);
  return Response.json({
    ...{ latitude, longitude, elevation: 72, utc_offset_seconds: 0, timezone: 'GMT', timezone_abbreviation: 'GMT' },
    hourly_units: { time: 'unixtime', ...units },
    hourly: {
      time: Array.from({ length: block.count }, (_, i) => (block.from + i * HOUR_MS) / 1000),
      ...Object.fromEntries(columns),
    },
  });
}

const refusal = (reason: string, status: number): Response => Response.json({ error: true, reason }, { status });

function whole(text: string | null, usual: number, most: number): number {
  const number = Number(text ?? usual);
  return Number.isInteger(number) ? Math.min(most, Math.max(0, number)) : usual;
}
