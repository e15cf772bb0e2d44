import { describe, expect, test } from 'bun:test';
import { days, hours } from '../core/durations.ts';
import type { MetricValues, Reading } from '../core/reading.ts';
import { silentLog } from '../platform/log.ts';
import { demoHouse } from './house-model.ts';
import type { DemoRecord } from './ports.ts';
import { Demo } from './service.ts';

const noon = Date.UTC(2026, 5, 21, 12);

/** A demo over a world that only remembers. */
function world(now: number) {
  const stored: Reading[] = [];
  const sent: MetricValues[] = [];
  const calls = { commission: 0 };
  let kept: DemoRecord | null = null;
  const clock = { now: () => now };
  const keep = (record: DemoRecord) => {
    kept = structuredClone(record);
  };
  const later = (ms: number) => {
    now += ms;
  };
  const device = { send: async (values: MetricValues) => void sent.push(values), stop: async () => {} };
  const create = () =>
    new Demo({
      house: demoHouse,
      clock,
      log: silentLog,
      memory: { load: () => structuredClone(kept), save: keep },
      telemetry: {
        importReadings: async (_sourceId, readings) => {
          let count = 0;
          for await (const reading of readings) {
            stored.push(reading);
            count++;
          }
          return count;
        },
      },
      commission: async () => {
        calls.commission++;
        return {
          email: 'demo@ampra.example',
          password: 'x',
          inverter: { id: 'inverter', mqttApiKey: 'k' },
          garage: { id: 'garage', webhookSecret: 's' },
        };
      },
      weather: { fill: () => undefined },
      connect: async () => ({ inverter: device, garage: device }),
    });
  return { create, stored, sent, calls, later };
}

describe('the demo', () => {
  test('writes two years of history in order, and no reading twice', async () => {
    const { create, stored } = world(noon);
    const shares: number[] = [];
    await create().prepare((share) => void shares.push(share));
    const times = stored.filter((r) => r.sourceId === 'inverter').map((r) => r.time);
    expect(times.length).toBeGreaterThan(150_000);
    expect(times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0))).toBe(true);
    expect(times[0]).toBeLessThan(noon - days(730));
    expect(times.at(-1)).toBeGreaterThan(noon - hours(7));
    expect(shares.at(-1)).toBe(1);
  });

  test('lets live values go on where history ends', async () => {
    const { create, stored, sent } = world(noon);
    const demo = create();
    await demo.prepare(() => {});
    await demo.start();
    await demo.stop();
    const last = stored.filter((r) => r.sourceId === 'inverter').at(-1)?.values;
    expect(sent[0]?.totalEnergyProduced).toBeGreaterThanOrEqual(last?.totalEnergyProduced ?? Number.POSITIVE_INFINITY);
    expect(Math.abs((sent[0]?.stateOfCharge ?? 0) - (last?.stateOfCharge ?? 100))).toBeLessThan(10);
  });

  test('keeps its house at the next start and fills only the time it slept', async () => {
    const { create, stored, calls, later } = world(noon);
    const first = create();
    await first.prepare(() => {});
    await first.stop();
    const before = stored.length;
    const until = stored.at(-1)?.time ?? 0;
    later(days(2));
    await create().prepare(() => {});
    expect(calls.commission).toBe(1);
    expect(stored.length - before).toBeGreaterThan(500);
    expect(Math.min(...stored.slice(before).map((r) => r.time))).toBeGreaterThan(until - 1);
  });
});
