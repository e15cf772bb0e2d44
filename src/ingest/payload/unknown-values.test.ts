import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { STANDS_FOR_UNKNOWN } from '../../sources/refused-words.ts';
import { IngestBench } from '../../testing/ingest.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.started();
});
afterEach(() => bench.dispose());

const receive = (payload: unknown) => bench.receive(payload);
const values = () => bench.sink.readings.map((r) => r.values);

describe('a number that stands for “unknown”', () => {
  test('is not taken, whatever else the message says, and the sender is told', async () => {
    const said = { solarPower: 32_767, gridPower: -32_768, totalGridImport: 21_474_836.47, gridVoltage: 6553.5 };
    expect(await receive({ ...said, loadPower: 420 })).toEqual({
      accepted: 1,
      rejected: Object.keys(said).map((field) => ({ index: 0, field, message: STANDS_FOR_UNKNOWN, time: null })),
    });
    expect(values()).toEqual([{ loadPower: 420 }]);
    expect(bench.sink.refused[0]?.values).toHaveLength(4);
  });

  test('beyond what can be is told as what it is: a battery at 255 or 65,535 %', async () => {
    const { rejected } = await receive({ loadPower: 1, stateOfCharge: 255, batteryTemperature: -3276.8 });
    expect(rejected.map((r) => r.message)).toEqual([STANDS_FOR_UNKNOWN, STANDS_FOR_UNKNOWN]);
    expect((await receive({ loadPower: 1, stateOfCharge: 65_535 })).rejected[0]?.message).toBe(STANDS_FOR_UNKNOWN);
  });

  test('is no trouble with the message, which stays as it came', async () => {
    await receive({ loadPower: 420, solarPower: 65_535 });
    expect(bench.ingest.quarantine.newestOf('s1', 5)).toEqual([]);
    const [kept] = await bench.ingest.recent.newestOf('s1', 1);
    expect(new TextDecoder().decode(kept?.payload)).toContain('65535');
  });

  test('alone makes no reading', async () => {
    expect((await receive({ solarPower: 65_535 })).accepted).toBe(0);
    expect(values()).toEqual([]);
    expect(bench.sink.refused).toHaveLength(1);
  });

  test('comes back as little from the journal as it came in', async () => {
    await receive({ loadPower: 420, solarPower: 65_535 });
    await bench.restart();
    expect(values()).toEqual([{ loadPower: 420 }]);
  });

  test('is a value where a plant passes there, in one message or in many', async () => {
    bench.latest = { solarPower: 32_500 };
    await receive({ solarPower: 32_767 });
    await receive([{ solarPower: 65_100, timestamp: bench.clock.now() - 2 }, { solarPower: 65_535 }]);
    expect(values()).toEqual([{ solarPower: 32_767 }, { solarPower: 65_100 }, { solarPower: 65_535 }]);
  });

  test('counts on the day of its reading, as all that is refused does', async () => {
    const timestamp = bench.clock.now() - 3 * 86_400_000;
    await receive([
      { loadPower: 1, solarPower: 65_535, timestamp },
      { stateOfCharge: 'x', timestamp },
      { loadPower: 2, stateOfCharge: 'x' },
      { loadPower: 2, stateOfCharge: 'x', timestamp: bench.clock.now() + 86_400_000 },
    ]);
    expect(bench.sink.refused[0]?.values.map((v) => [v.index, v.field, v.time ?? null])).toEqual([
      [1, 'stateOfCharge', timestamp],
      [2, 'stateOfCharge', null],
      [3, 'stateOfCharge', null],
      [0, 'solarPower', timestamp],
      [3, 'timestamp', null],
    ]);
  });
});

test('a part of a sum that is unknown is left out of the sum, and told; one that follows is not', () => {
  const memory = new DialectMemory();
  const hear = (string: number, watts: number) => {
    const topic = `solar/116180214069/${string}/power`;
    const message = { topic, payload: new TextEncoder().encode(`${watts}`), receivedAt: 0, isRetained: false };
    const { readings = [], rejected = [] } =
      interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation ?? {};
    return readings[0]?.values.solarPower ?? rejected[0]?.message;
  };
  expect(hear(1, 300)).toBe(300);
  expect(hear(2, 32_767)).toBe(STANDS_FOR_UNKNOWN);
  expect(hear(2, 200)).toBe(500);
  expect(hear(2, 3250)).toBe(3550);
  expect(hear(2, 3276.7)).toBe(3576.7);
});
