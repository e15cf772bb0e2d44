import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DialectContext, IncomingMessage } from '../src/ingest/dialect.ts';
import { interpretMessage } from '../src/ingest/dialects.ts';
import { DialectMemory } from '../src/ingest/memory/dialect-memory.ts';
import { median, quantile, type Results } from './lib.ts';

const ROUNDS = 400;
const WARM_UP = 100;
const MOST_MICROSECONDS = 20;

/**
 * Recognising and mapping one recorded message over all dialects. Each message is timed by itself, many times; the
 * median is over all messages and rounds.
 */
export function benchDialects(results: Results): void {
  const folder = join(import.meta.dir, '..', 'src', 'ingest', 'dialects');
  const messages: { message: IncomingMessage; context: DialectContext }[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.fixture.json'))) {
    for (const recording of JSON.parse(readFileSync(join(folder, file), 'utf8'))) {
      const context: DialectContext = { timeZone: 'Europe/Berlin', memory: new DialectMemory() };
      for (const { topic, payload } of recording.messages) {
        const bytes = new TextEncoder().encode(payload);
        messages.push({ message: { topic, payload: bytes, receivedAt: Date.now(), isRetained: false }, context });
      }
    }
  }
  const times: number[][] = messages.map(() => []);
  for (let round = 0; round < WARM_UP + ROUNDS; round++) {
    for (const [i, { message, context }] of messages.entries()) {
      const startedAt = Bun.nanoseconds();
      interpretMessage(message, context);
      if (round >= WARM_UP) times[i]?.push((Bun.nanoseconds() - startedAt) / 1000);
    }
  }
  const all = times.flat();
  results.add('dialects: one message, median', median(all), 'µs', { atMost: MOST_MICROSECONDS });
  results.add('dialects: one message, 99th percentile', quantile(all, 0.99), 'µs', { atMost: 10 * MOST_MICROSECONDS });
}
