import { afterEach, expect, test } from 'bun:test';
import { FakeClock } from '../../testing/app.ts';
import { startTelemetry, type TestTelemetry } from '../../testing/telemetry.ts';
import { DaySums } from '../books/day-sums.duckdb.ts';
import { warmUp } from './warm-up-service.ts';

const A = 'aaaaaaaa-0000-4000-8000-000000000001';
const B = 'bbbbbbbb-0000-4000-8000-000000000002';
const DAY = 86_400_000;
const START = Date.UTC(2026, 5, 1);
const END = START + 3 * DAY;

let t: TestTelemetry;
afterEach(() => t.dispose());

const readings = (sourceId: string) =>
  Array.from({ length: 3 * 96 }, (_, i) => ({ sourceId, time: START + i * 900_000, values: { solarPower: 1000 } }));

async function begin(): Promise<void> {
  t = await startTelemetry({ clock: new FakeClock(END) });
  for (const sourceId of [A, B]) await t.service.importReadings(sourceId, readings(sourceId));
}

test('a question that failed leaves no days behind of which nothing seems to be known', async () => {
  await begin();
  const connection = await t.database.connect();
  const record = t.store.find(A);
  if (!record) throw new Error('not stored');
  const days = new DaySums();
  const ask = async () => {
    const starts: number[] = [];
    const of = { timeZone: 'UTC', range: { from: START, to: START + 2 * DAY } };
    await days.visit(connection, record, of, (time) => starts.push(time));
    return starts;
  };
  const numbers = connection.numbers.bind(connection);
  connection.numbers = () => Promise.reject(new Error('Out of Memory Error: for the moment'));
  await expect(ask()).rejects.toThrow('for the moment');
  connection.numbers = numbers;
  expect(await ask()).toEqual([START, START + DAY]);
  await connection.close();
});

test('after a start all sources are added up, those heard last first, until it is stopped', async () => {
  await begin();
  const asked: string[] = [];
  const stop = new AbortController();
  const reader: Parameters<typeof warmUp>[0] = {
    energy: async (sourceId, period, range) => {
      asked.push(sourceId);
      const answer = await t.service.energy(sourceId, period, range);
      expect(answer[0]?.solarKwh).toBeGreaterThan(70);
      if (asked.length === 3) stop.abort();
      if (asked.length === 2) throw new Error('busy');
      return answer;
    },
  };
  const known = (sourceId: string, later: number) => {
    const { firstMs, newestMs } = t.store.find(sourceId) ?? { firstMs: 0, newestMs: 0 };
    return { sourceId, firstMs, newestMs: newestMs + later };
  };
  await warmUp(reader, [known(A, 0), known(B, 5), known(A, 3), known(B, 1)], stop.signal);
  expect(asked).toEqual([B, A, B]);
});
