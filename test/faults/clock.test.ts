import { afterEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, EMAIL, PASSWORD } from '../../bench/appliance.ts';
import { postOnce } from './devices.ts';
import { House, until } from './house.ts';
import { Visitor } from './visitor.ts';

/** The real process on a computer whose clock believes in 1970, as its owner meets it. */
const DAY = 86_400_000;
const cleaning: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

/** A computer that a file describes: how far its clock is off, and since when it is on. */
function computer() {
  const folder = mkdtempSync(join(tmpdir(), 'ampra-time-'));
  cleaning.push(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'time.json');
  const state = { offMs: 0, bootId: 'one', bootedAt: Date.now() - 60_000, isSynchronised: false as boolean | null };
  const set = (more: Partial<typeof state>) => writeFileSync(path, JSON.stringify(Object.assign(state, more)));
  set({});
  return { env: { NODE_ENV: 'test', TEST_TIME: path }, set };
}

async function solarPowers(house: House): Promise<[number, number][]> {
  const { source } = house.device('webhook');
  const path = `/sources/${source.id}/readings?from=2026-01-01T00:00:00Z&to=2060-01-01T00:00:00Z`;
  const { items } = await api<{ items: { time: string; values: { solarPower: number } }[] }>(house.appliance, path);
  return items.map((item) => [Date.parse(item.time), item.values.solarPower]);
}

describe('on a computer without a battery for its clock', () => {
  test('people sign in, devices are acknowledged, and a phone says what time it is', async () => {
    const { env, set } = computer();
    const house = await House.build({ env });
    cleaning.push(() => house.dispose());
    // The power goes; the computer comes back in 1970.
    set({ offMs: 60_000 - Date.now(), bootId: 'two', bootedAt: Date.now() - 60_000 });
    await house.restart({ env });
    const overseer = new Visitor(house.appliance.url);
    expect(await overseer.signIn(EMAIL, PASSWORD)).toBe(303);
    const { source } = house.device('webhook');
    const sentAt = Date.now();
    for (const solarPower of [1, 2, 3])
      expect(await postOnce(house.appliance, source, JSON.stringify({ solarPower }))).toBe(202);
    const page = await overseer.get('/');
    expect(page.text.includes('cannot be right: it is before this Ampra was made')).toBe(true);
    expect(page.text).toContain('Use this device&#39;s time');
    expect(await solarPowers(house)).toEqual([]);

    expect((await overseer.post('/clock', { use: 'device', deviceMs: String(Date.now()), back: '/' })).status).toBe(
      303,
    );
    expect((await overseer.get('/')).text.includes('cannot be right')).toBe(false);
    expect((await overseer.get('/system')).status).toBe(200);
    await until('they are where they belong', async () => (await solarPowers(house)).length === 3);
    for (const [time] of await solarPowers(house)) expect(Math.abs(time - sentAt)).toBeLessThan(30_000);
    // Also for the next process on the same computer.
    await house.restart({ env });
    expect((await overseer.get('/')).text.includes('cannot be right')).toBe(false);

    // Somebody sets the clock of the computer two years ahead: nothing follows, and the page asks.
    set({ offMs: 730 * DAY });
    await until('the page asks', async () => (await overseer.get('/')).text.includes('without a time server'));
    expect(await postOnce(house.appliance, source, JSON.stringify({ solarPower: 4 }))).toBe(202);
    await until('it is stored', async () => (await solarPowers(house)).length === 4);
    const last = (await solarPowers(house)).at(-1);
    expect(Math.abs((last?.[0] ?? 0) - Date.now())).toBeLessThan(60_000);
    expect(await house.problems()).toEqual([]);
  }, 180_000);
});
