import { describe, expect, test } from 'bun:test';
import type { Source } from '../../sources/source.ts';
import { type HousePeriod, housePeriod, noEnergy } from '../house/house-energy.ts';
import { LiveService } from './live-service.ts';

const source = { id: 'roof', role: 'system', timeZone: 'UTC', latitude: 0, longitude: 0, name: 'Roof' } as Source;
const scope = { sources: [{ id: 'roof', role: 'system' }], timeZone: 'UTC' } as const;
const choice = { sources: [source], scope, today: scope };
const day = { key: '2026-11-21', from: Date.UTC(2026, 10, 21), to: Date.UTC(2026, 10, 22) };
const sums = (solarKwh: number): HousePeriod =>
  housePeriod(day, [{ source: { id: 'roof', role: 'system' }, totals: { ...noEnergy, solarKwh, coverage: 1 } }]);

/** A service whose sums of the day are as slow as `waits`, on a clock that stands until it is moved. */
function serviceOf(waits: () => Promise<unknown>) {
  const clock = { time: Date.UTC(2026, 10, 21, 12) };
  let asked = 0;
  const revision = { count: 0 };
  const house = {
    today: async () => {
      const mine = sums(++asked);
      await waits();
      return mine;
    },
  };
  const deps = {
    reader: { latest: () => undefined, pastRevision: () => revision.count },
    house,
    clock: { now: () => clock.time },
    isReadable: () => true,
  };
  const service = new LiveService(deps as unknown as ConstructorParameters<typeof LiveService>[0]);
  return { service, clock, revision, asked: () => asked };
}
const forever = (): Promise<unknown> => new Promise(() => undefined);

describe('the sums of the day on Live', () => {
  test('do not hold up a page for longer than it is patient', async () => {
    const { service } = serviceOf(forever);
    const startedAt = performance.now();
    expect((await service.view(choice, 20)).today.solarKwh).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  test('of a moment ago are shown at once, while newer ones are worked out', async () => {
    let waits = async (): Promise<unknown> => undefined;
    const { service, clock } = serviceOf(() => waits());
    expect((await service.view(choice, 1000)).today.solarKwh).toBe(1);
    waits = forever;
    clock.time += 10_000;
    expect((await service.view(choice, 60_000)).today.solarKwh).toBe(1);
  });

  test('of long ago, or of another day, are not', async () => {
    const { service, clock } = serviceOf(async () => undefined);
    await service.view(choice, 1000);
    clock.time += 120_000;
    expect((await service.view(choice, 1000)).today.solarKwh).toBe(2);
    clock.time = Date.UTC(2026, 10, 22, 0, 0, 1);
    expect((await service.view(choice, 1000)).today.solarKwh).toBe(3);
  });

  test('of before a correction are not, once those of after it are there', async () => {
    const { service, revision } = serviceOf(async () => undefined);
    await service.view(choice, 1000);
    revision.count++;
    expect((await service.view(choice, 1000)).today.solarKwh).toBe(2);
  });

  test('are worked out once for all pages that are open', async () => {
    const { service, asked } = serviceOf(() => Bun.sleep(20));
    await Promise.all([1, 2, 3].map(() => service.view(choice, 1000)));
    expect(asked()).toBe(1);
  });
});
