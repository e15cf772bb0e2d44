import { describe, expect, test } from 'bun:test';
import { days } from '../core/durations.ts';
import { unwrap } from '../core/result.ts';
import { ada } from '../testing/sources.ts';
import { WeatherBench } from '../testing/weather.ts';

/** 2026-06-21 10:00 UTC, when the clock of the tests stands. */
const arrays = [{ tiltDeg: 30, azimuthDeg: 180, peakW: 5000 }];
const lightOf = (bench: WeatherBench, id: string) =>
  bench.weather.panelLight.panelLight(id, '2026-06-01', '2026-06-30');

async function known(bench: WeatherBench): Promise<void> {
  await bench.settle();
  await bench.weather.panelLight.settled();
}

describe('the light on the panels of a source', () => {
  test('is kept for the days that are over, as soon as their weather is there', async () => {
    await using bench = await WeatherBench.start();
    const roof = await bench.place(ada, { arrays });
    await known(bench);
    const light = lightOf(bench, roof.id);
    expect([...light.keys()].sort().at(-1)).toBe('2026-06-20');
    expect(light.get('2026-06-20')?.known).toBe(1);
    const flat = bench.weather.reader.daily(roof.id, { from: Date.UTC(2026, 5, 20), to: Date.UTC(2026, 5, 20) + 1 })[0];
    const ratio = (light.get('2026-06-20')?.kwhM2 ?? 0) / ((flat?.shortwaveSumMjM2 ?? 0) / 3.6);
    expect(ratio).toBeGreaterThan(0.9);
    expect(ratio).toBeLessThan(1.15);
    await bench.later(days(1));
    await known(bench);
    expect([...lightOf(bench, roof.id).keys()].sort().at(-1)).toBe('2026-06-21');
  });

  test('is not there without stated panels, and comes when they are stated', async () => {
    await using bench = await WeatherBench.start();
    const roof = await bench.place();
    await known(bench);
    expect(lightOf(bench, roof.id).size).toBe(0);
    unwrap(await bench.sources.sources.service.update(ada, roof.id, { arrays }));
    await known(bench);
    expect(lightOf(bench, roof.id).size).toBeGreaterThan(10);
  });

  test('is another one when panels lie otherwise, also after a start', async () => {
    await using bench = await WeatherBench.start();
    const roof = await bench.place(ada, { arrays });
    await known(bench);
    const before = lightOf(bench, roof.id).get('2026-06-20')?.kwhM2 ?? 0;
    unwrap(
      await bench.sources.sources.service.update(ada, roof.id, {
        arrays: [{ tiltDeg: 90, azimuthDeg: 0, peakW: 5000 }],
      }),
    );
    // What was worked out for other panels is never given.
    const at = lightOf(bench, roof.id).get('2026-06-20')?.kwhM2 ?? 0;
    expect(at).toBeLessThan(before / 2);
    await known(bench);
    const after = lightOf(bench, roof.id).get('2026-06-20')?.kwhM2 ?? 0;
    expect(after).toBeGreaterThan(0);
    expect(after).toBeLessThan(before / 2);
    await bench.restart();
    await known(bench);
    expect(lightOf(bench, roof.id).get('2026-06-20')?.kwhM2).toBe(after);
  });

  test('of a day whose weather only a forecast told is not known', async () => {
    await using bench = await WeatherBench.start();
    const roof = await bench.place(ada, { arrays });
    await known(bench);
    bench.server.stop();
    await bench.later(days(3));
    await known(bench);
    await bench.restart();
    await known(bench);
    const light = lightOf(bench, roof.id);
    expect(light.get('2026-06-23')?.known).toBe(0);
    expect(light.get('2026-06-21')?.known).toBeLessThan(0.7);
  });
});
