import { days, hours } from '../core/durations.ts';
import { HOUR_MS } from '../weather/hours.ts';
import type { WeatherReader, WeatherWriter } from '../weather/ports.ts';
import { demoHouse } from './house-model.ts';
import type { DemoWeather } from './ports.ts';
import { simulatedBlock } from './weather-model.ts';

/** So far back there are forecasts as they were told, one each so often, each so far ahead. */
const TOLD_FOR_MS = days(60);
const EVERY_MS = hours(6);
const AHEAD_HOURS = 8 * 24;

interface WeatherParts {
  reader: Pick<WeatherReader, 'issuedTimes'>;
  writer: WeatherWriter;
  archive: { lookSoon(reason: string): void };
}

/** The forecasts that the demo house would have heard in the last weeks; the years before come from the archive. */
export function pastForecasts({ reader, writer, archive }: WeatherParts): DemoWeather {
  return {
    fill([sourceId], now) {
      if (sourceId === undefined) return;
      const known = reader.issuedTimes(sourceId, { from: now - TOLD_FOR_MS, to: now - EVERY_MS });
      const first = Math.max(now - TOLD_FOR_MS, (known.at(-1) ?? 0) + EVERY_MS);
      const issues = [];
      for (let at = Math.ceil(first / EVERY_MS) * EVERY_MS + 20 * 60_000; at < now - EVERY_MS; at += EVERY_MS) {
        const from = Math.floor(at / HOUR_MS) * HOUR_MS + HOUR_MS;
        issues.push({ ...simulatedBlock(from, AHEAD_HOURS, demoHouse.place, at), issuedAt: at });
      }
      writer.putIssues(sourceId, issues);
      archive.lookSoon('history');
    },
  };
}
