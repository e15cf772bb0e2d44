import { afterAll, beforeAll, expect, test } from 'bun:test';
import mqtt, { type MqttClient } from 'mqtt';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import { unwrap } from '../../src/core/result.ts';
import { FakeClock, startTestApp, type TestApp } from '../../src/testing/app.ts';
import { signInAt } from '../../src/testing/sign-in.ts';

/**
 * A day of a device with every fault at once, through the whole appliance: what the API and the page of how well its data
 * came tell of it is what was done to it, and the readings are what is left.
 */
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Midnight of Kathmandu on 15 June 2026. */
const MIDNIGHT = Date.UTC(2026, 5, 14, 18, 15);
const clock = new FakeClock(MIDNIGHT);
const owner = { email: 'ada@example.org', password: 'a long pass phrase 42' };
let app: TestApp;
let client: MqttClient;
let id: string;

beforeAll(async () => {
  app = await startTestApp({ clock, config: { commitWindowMs: 2 } });
  const { accounts, sources, broker } = app.features;
  const user = unwrap(await accounts.service.addUser({ ...owner, role: 'overseer' }));
  const place = { latitude: 27.7, longitude: 85.3, timeZone: 'Asia/Kathmandu' };
  const { source, mqttApiKey } = unwrap(
    await sources.service.create(viewerOf(user, { kind: 'system' }), { name: 'Roof', ...place }),
  );
  id = source.id;
  const url = `mqtt://127.0.0.1:${broker.ports().tcp}`;
  client = await mqtt.connectAsync(url, { username: id, password: mqttApiKey, reconnectPeriod: 0 });
}, 30_000);
afterAll(async () => {
  await client.endAsync(true);
  await app.dispose();
});

const send = (values: object) => client.publishAsync(`ampra/${id}/telemetry`, JSON.stringify(values), { qos: 1 });

/** 1 kW from 6:00 to 18:00, whose counter begins anew at noon. */
function valuesAt(time: number): { loadPower: number; totalEnergyConsumed: number } {
  const hour = (time - MIDNIGHT) / HOUR;
  const kwh = Math.min(12, Math.max(0, hour - 6));
  return { loadPower: hour >= 6 && hour < 18 ? 1000 : 0, totalEnergyConsumed: hour < 12 ? 500 + kwh : kwh - 6 };
}

test('is told as it was: coverage, intervals, duplicates, late ones, the clock, refused values, the counter', async () => {
  const late: object[] = [];
  let sent = 0;
  for (let i = 0; i < 288; i++) {
    const time = MIDNIGHT + i * 5 * MINUTE;
    const hour = i / 12;
    // The device's clock is 20 s behind ours.
    clock.set(time + 20_000);
    const timestamp = new Date(time).toISOString();
    // From 2:00 to 5:00 nothing is measured; from 14:00 on twelve readings are kept and come two hours later.
    if (hour >= 2 && hour < 5) continue;
    const reading: Record<string, unknown> = { timestamp, ...valuesAt(time) };
    if (i === 100 || i === 101) reading.stateOfCharge = 250;
    if (i === 110) reading.batteryVoltage = 6553.5;
    sent++;
    if (hour >= 14 && hour < 15) {
      late.push(reading);
      continue;
    }
    if (hour === 16) await send(late);
    await send(reading);
    if (hour >= 20 && hour < 21) await send(reading);
  }
  expect(late).toHaveLength(12);
  expect(sent).toBe(252);
  clock.set(MIDNIGHT + 24 * HOUR + 20_000);
  await send({ timestamp: new Date(MIDNIGHT + 24 * HOUR).toISOString(), ...valuesAt(MIDNIGHT + 24 * HOUR) });

  const headers = { Cookie: await signInAt(app.url ?? '', owner), Accept: 'text/html' };
  const json = async (path: string) => (await fetch(`${app.url}/api/v1/sources/${id}${path}`, { headers })).json();
  const range = `from=${new Date(MIDNIGHT).toISOString()}&to=${new Date(MIDNIGHT + 24 * HOUR).toISOString()}`;
  const raw = (await json(`/readings?${range}&limit=1000`)) as { items: { values: Record<string, number> }[] };
  const { items } = (await json(`/quality?${range}`)) as {
    items: (Record<string, unknown> & { refused: { reason: string; values: number }[] })[];
  };
  const [day] = items;
  expect(raw.items).toHaveLength(252);
  expect(day).toMatchObject({ day: '2026-06-15', readings: 252, intervalMs: 5 * MINUTE, duplicates: 12 });
  // Three hours and the five minutes to the next reading are missing: nobody was heard from 1:55 to 5:00.
  expect(day?.coverage).toBeCloseTo(1 - (3 + 1 / 12) / 24, 3);
  expect(day?.late).toMatchObject({ readings: 12, mostMs: 2 * HOUR + 20_000 });
  // Those that came again count as arrivals, too.
  expect(day?.clock).toMatchObject({ meanMs: 20_000, leastMs: 20_000, mostMs: 20_000 });
  expect(day?.refused.map(({ values }) => values)).toEqual([2, 1]);
  // The first zero after a real value says nothing yet; what follows it does.
  expect(day?.events).toMatchObject([
    { metric: 'totalEnergyConsumed', kind: 'zero', after: 0 },
    { metric: 'totalEnergyConsumed', kind: 'reset', beforeKwh: expect.closeTo(506, 0), afterKwh: expect.closeTo(0, 0) },
  ]);
  expect(raw.items.some(({ values }) => 'stateOfCharge' in values || 'batteryVoltage' in values)).toBe(false);
  const energy = (await json(`/energy?period=day&${range}`)) as { items: { loadKwh: number }[] };
  // What flowed in the five minutes before the counter began anew nobody knows.
  expect(energy.items[0]?.loadKwh).toBeWithin(11.9, 12.01);

  const page = await (await fetch(`${app.url}/sources/${id}/data?month=2026-06`, { headers })).text();
  const text = page
    .slice(page.indexOf('<main'))
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ');
  for (const said of [
    'Measured 87 % of the time',
    'Came again 12 readings that had been stored before.',
    'Came late 12 readings (5 %) more than 5 min after their time, 1 h 33 min on average, 2 h at most.',
    'Clock of the device 20 s behind ours on average',
    'Left out 2 values: State of charge must lie between 0 and 100 %.',
    'Showed “unknown” 1 value: Battery voltage',
    'Energy consumed, total: began anew Mon 15 Jun, 12:15',
    'Mon 15 Jun 87 252 5 min 12 5 20 s 3 2',
  ])
    expect(text).toContain(said);
}, 60_000);
