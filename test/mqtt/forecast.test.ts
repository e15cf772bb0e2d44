import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test';
import mqtt, { type MqttClient } from 'mqtt';
import { days, hours, minutes } from '../../src/core/durations.ts';
import { unwrap } from '../../src/core/result.ts';
import type { ForecastMessage } from '../../src/forecast/forecast.mqtt.ts';
import type { ForecastView } from '../../src/forecast/forecast-view.ts';
import { Inbox } from '../../src/mqtt/testing/test-broker.ts';
import { ForecastHouse } from '../../src/testing/forecast.ts';
import { munich, sunnyHouse } from '../../src/testing/sunny-house.ts';

/** What programs of the house read of a forecast, over a real connection to the running appliance. */
const DAYS = 3;
const STEPS = 48 * 4;
const WITHIN_MS = 60_000;
setDefaultTimeout(300_000);
const from = Date.UTC(2026, 4, 20);
const now = from + days(DAYS) + hours(8) + minutes(2);
const made = sunnyHouse(from, DAYS + 10);
let house: ForecastHouse;
const clients: MqttClient[] = [];

beforeAll(async () => {
  house = await ForecastHouse.start(now, munich);
  await house.measure(from, now, made.measure);
});
afterAll(async () => {
  for (const client of clients) await client.endAsync();
  await house[Symbol.asyncDispose]();
});

const topic = () => `ampra/${house.source.id}/forecast`;

/** A program with a token of somebody, that has subscribed to the forecast. */
async function program(email = 'ada@example.org'): Promise<Inbox> {
  const { accounts, broker } = house.app.features;
  const password = unwrap(accounts.service.addToken({ email, name: `program ${clients.length}`, scope: 'read' }));
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.ports().tcp}`, { username: 'token', password });
  clients.push(client);
  const inbox = new Inbox(client);
  await client.subscribeAsync(topic(), { qos: 1 });
  return inbox;
}

async function next(inbox: Inbox): Promise<{ message: ForecastMessage; retain: boolean }> {
  const [first] = await inbox.take(1, WITHIN_MS);
  expect(first?.topic).toBe(topic());
  return { message: JSON.parse(first?.text ?? ''), retain: first?.retain ?? false };
}

const iso = (time: number): string => new Date(time).toISOString();

function expectSame({ solar }: ForecastMessage, view: ForecastView): void {
  const steps = view.steps.slice(0, STEPS);
  expect(solar).toMatchObject({ issuedAt: iso(view.issuedAt), from: iso(steps[0]?.from ?? 0), stepSeconds: 900 });
  for (const level of ['p10W', 'p50W', 'p90W'] as const)
    expect(solar?.[level]).toEqual(steps.map((step) => Math.round(step[level])));
  expect(solar?.days.map(({ date }) => date)).toEqual(view.days.map(({ date }) => date));
}

describe('the forecast that is published', () => {
  test('is retained: a program that comes later reads the last one, the same that is shown', async () => {
    await house.issue();
    const view = await house.forecast();
    const { message, retain } = await next(await program());
    expect(retain).toBe(true);
    expect(Object.keys(message)).toEqual(['solar']);
    expectSame(message, view);
    expect(message.solar).toMatchObject({ basis: 'physics', weatherAt: null });
    const { p10W = [], p50W = [], p90W = [], days: totals = [] } = message.solar ?? {};
    expect(p50W).toHaveLength(STEPS);
    expect(Math.max(...p50W)).toBeGreaterThan(1000);
    expect(p50W.every((watts, step) => (p10W[step] ?? 0) <= watts && watts <= (p90W[step] ?? 0))).toBe(true);
    expect(p10W.every((watts) => watts >= 0 && Number.isInteger(watts))).toBe(true);
    const [today, tomorrow] = totals;
    expect(today?.soFarKwh).toBeGreaterThan(0);
    expect(tomorrow?.soFarKwh).toBe(0);
    expect(tomorrow?.p10Kwh).toBeLessThan(tomorrow?.p50Kwh ?? 0);
    expect(tomorrow?.p50Kwh).toBeLessThan(tomorrow?.p90Kwh ?? 0);
  });

  test('comes anew when there is a newer one, with the weather that it is made from', async () => {
    const inbox = await program();
    await next(inbox);
    house.clock.advance(minutes(15));
    house.tell(made.toldSky, 24 * 8);
    const toldAt = house.clock.now();
    await house.issue();
    const { message, retain } = await next(inbox);
    expect(retain).toBe(false);
    expectSame(message, await house.forecast());
    expect(message.solar?.weatherAt).toBe(iso(toldAt));
    expect((await next(await program())).message).toEqual(message);
  });

  test('is nobody else’s, and goes with its source', async () => {
    const { accounts, sources } = house.app.features;
    unwrap(await accounts.service.addUser({ email: 'ben@example.org', password: 'kettle garden seven', role: 'user' }));
    const [own, others] = [await program(), await program('ben@example.org')];
    await next(own);
    unwrap(sources.service.remove(house.viewer, house.source.id));
    const [last] = await own.take(1, WITHIN_MS);
    expect(last).toMatchObject({ topic: topic(), text: '' });
    expect(await others.rest()).toEqual([]);
    expect(await (await program()).rest()).toEqual([]);
  });
});
