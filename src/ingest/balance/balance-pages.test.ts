import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { minutes } from '../../core/durations.ts';
import type { Source } from '../../sources/source.ts';
import { DiscoveryBench } from '../../testing/discovery.ts';

let bench: DiscoveryBench;
let source: Source;
let at: string;

beforeAll(async () => {
  bench = await DiscoveryBench.start();
  source = await bench.source('user');
  at = `/sources/${source.id}/balance`;
  const now = Date.now();
  // Half an hour of a morning; the battery charges, and is sent with the wrong sign.
  for (let i = 30; i > 0; i--) {
    const values = { solarPower: 2400 + 40 * (i % 5), loadPower: 600, gridPower: -20 };
    const batteryPower = -(values.solarPower - values.loadPower - 20);
    await bench.publish(source, source.mqttTopic, JSON.stringify({ ...values, batteryPower }), now - i * minutes(1));
  }
});
afterAll(() => bench.dispose());

describe('the balance of a source', () => {
  test('is its owner’s, and not there for others', async () => {
    expect((await bench.page(at)).status).toBe(303);
    for (const who of ['other', 'admin']) expect((await bench.page(at, who)).status).toBe(404);
    for (const path of ['check', 'correct'])
      expect((await bench.post(`${at}/${path}`, 'other', { metric: 'batteryPower', factor: '-1' })).status).toBe(404);
  });

  test('finds the wrong sign, says which, and offers to turn it', async () => {
    expect((await bench.post(`${at}/check`, 'user', {})).status).toBe(303);
    const { text } = await bench.page(at, 'user');
    expect(text).toContain('Battery power has the wrong sign');
    expect(text).toContain('nearly certain');
    const about = (await bench.page(`/sources/${source.id}`, 'user')).text;
    expect(about).toContain('Battery power has the wrong sign');
  });

  test('turns it for what comes from now on, also after a start', async () => {
    expect((await bench.post(`${at}/correct`, 'user', { metric: 'batteryPower', factor: '-1' })).status).toBe(303);
    await bench.publish(source, source.mqttTopic, '{"batteryPower": -900}');
    expect(bench.app.features.telemetry.reader.latest(source.id)?.values.batteryPower).toBe(900);
    const { text } = await bench.page(at, 'user');
    expect(text).toContain('the sign turned');
    expect(text).not.toContain('has the wrong sign');
    const before = /href="([^"]+)">Correct what was stored before/.exec(text)?.[1]?.replaceAll('&amp;', '&') ?? '';
    const form = (await bench.page(before, 'user')).text;
    expect(form).toMatch(/value="scale"[^>]* checked/);
    expect(form).toMatch(/<option value="batteryPower" selected/);
    expect(form).toMatch(/name="amount"[^>]*/);
    expect(before).toMatch(/^\/sources\/[\w-]+\/corrections\/new\?kind=scale&metric=batteryPower&amount=-1&to=\d{4}-/);
    expect((await bench.page(`/sources/${source.id}`, 'user')).text).toContain('Battery power, the sign turned');
    bench.app.features.ingest.mappings.load();
    await bench.publish(source, source.mqttTopic, '{"batteryPower": -800}');
    expect(bench.app.features.telemetry.reader.latest(source.id)?.values.batteryPower).toBe(800);
  });

  test('takes a correction back', async () => {
    await bench.post(`${at}/correct`, 'user', { metric: 'batteryPower', factor: '1' });
    await bench.publish(source, source.mqttTopic, '{"batteryPower": -700}');
    expect(bench.app.features.telemetry.reader.latest(source.id)?.values.batteryPower).toBe(-700);
  });

  test.each([
    ['stateOfCharge', '-1'],
    ['batteryPower', '0'],
    ['batteryPower', 'NaN'],
    ['batteryPower', '7'],
  ])('refuses to multiply %s by %s', async (metric, factor) => {
    expect((await bench.post(`${at}/correct`, 'user', { metric, factor })).status).toBe(400);
  });
});
