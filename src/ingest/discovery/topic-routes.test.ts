import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Viewer } from '../../accounts/viewer.ts';
import { viewerOf } from '../../accounts/viewer-service.ts';
import { unwrap } from '../../core/result.ts';
import type { Source } from '../../sources/source.ts';
import { startTestApp, type TestApp } from '../../testing/app.ts';
import type { Web } from '../../web/server.ts';
import { ask, testWeb } from '../../web/testing.ts';

let app: TestApp;
let web: Web;
const viewers: Record<string, Viewer> = {};
const place = { latitude: 52.5, longitude: 13.4, timeZone: 'Europe/Berlin' };

beforeAll(async () => {
  app = await startTestApp();
  for (const who of ['anna', 'bert', 'overseer']) {
    const user = unwrap(
      await app.features.accounts.service.addUser({
        email: `${who}@example.org`,
        password: 'a long enough test password',
        role: who === 'overseer' ? 'overseer' : 'user',
      }),
    );
    viewers[who] = viewerOf(user, { kind: 'session', sessionId: who });
  }
  web = testWeb(viewers);
  for (const feature of app.features.inOrder) feature.routes?.(web.routes);
});
afterAll(() => app.dispose());

const viewer = (name: string) => viewers[name] as Viewer;
const routes = () => app.features.ingest.topicRoutes;
const newSource = async (who: string, name: string): Promise<Source> =>
  unwrap(await app.features.sources.service.create(viewer(who), { name, connectionType: 'mqtt', ...place })).source;
const latest = (id: string) => app.features.telemetry.reader.latest(id)?.values ?? {};

/** As a broker or a connection hands messages in. */
const say = (source: Source, topic: string, value: object | number) =>
  new Promise<Error | null>((resolve) => {
    const payload = new TextEncoder().encode(JSON.stringify(value));
    const message = { topic, payload, receivedAt: Date.now(), isRetained: false };
    app.features.ingest.entrance.receive(source, 'mqtt', message, resolve);
  });

describe('a device behind a house’s broker', () => {
  test('becomes a source of its own, and its messages are that one’s from then on', async () => {
    const house = await newSource('anna', 'Mosquitto');
    await say(house, 'iot/barn', { pv_power: 1840, battery_soc: 55 });
    const made = unwrap(
      await routes().add(viewer('anna'), house.id, {
        filter: 'iot/barn/#',
        toSourceId: '',
        name: 'Barn',
        role: 'solar',
      }),
    );
    await say(house, 'iot/barn', { pv_power: 1900, battery_soc: 56 });
    await say(house, 'iot/shed', { pv_power: 300, battery_soc: 91 });
    expect(latest(made.toSourceId)).toMatchObject({ solarPower: 1900, stateOfCharge: 56 });
    expect(latest(house.id)).toMatchObject({ solarPower: 300, stateOfCharge: 91 });
    expect(app.features.sources.directory.byId(made.toSourceId)).toMatchObject({ name: 'Barn', role: 'solar' });
  });

  test('of two routes that match, the narrower one counts', async () => {
    const [house, all, one] = [
      await newSource('anna', 'H'),
      await newSource('anna', 'A'),
      await newSource('anna', 'O'),
    ];
    const to = (filter: string, { id }: Source) =>
      routes().add(viewer('anna'), house.id, { filter, toSourceId: id, name: '', role: '' });
    unwrap(await to('roofs/#', all));
    unwrap(await to('roofs/barn/#', one));
    await say(house, 'roofs/barn', { pv_power: 700, battery_soc: 20 });
    await say(house, 'roofs/shed', { pv_power: 800, battery_soc: 30 });
    expect(latest(one.id)).toMatchObject({ solarPower: 700 });
    expect(latest(all.id)).toMatchObject({ solarPower: 800 });
    expect(latest(house.id)).toEqual({});
  });

  test('that is switched off holds up no other behind the same broker', async () => {
    const [house, off] = [await newSource('anna', 'House'), await newSource('anna', 'Off')];
    const wish = { filter: 'off/#', toSourceId: off.id, name: '', role: '' };
    unwrap(await routes().add(viewer('anna'), house.id, wish));
    unwrap(await app.features.sources.service.update(viewer('anna'), off.id, {}, { isActive: false }));
    expect(await say(house, 'off/box', { pv_power: 700, battery_soc: 20 })).toBeNull();
    expect(latest(off.id)).toEqual({});
    expect(latest(house.id)).toEqual({});
  });

  test('is a part of the source again when its route ends, or its own source goes', async () => {
    const house = await newSource('anna', 'House');
    const part = async (name: string) => {
      const wish = { filter: `${name}/#`, toSourceId: '', name, role: 'system' };
      return unwrap(await routes().add(viewer('anna'), house.id, wish)).toSourceId;
    };
    await part('one');
    const two = await part('two');
    unwrap(routes().end(viewer('anna'), house.id, 'one/#'));
    await say(house, 'one/box', { pv_power: 111, battery_soc: 20 });
    expect(latest(house.id)).toMatchObject({ solarPower: 111 });
    await app.features.sources.service.remove(viewer('anna'), two);
    await say(house, 'two/box', { pv_power: 222, battery_soc: 20 });
    expect(latest(house.id)).toMatchObject({ solarPower: 222 });
    expect(routes().of(house.id)).toEqual([]);
  });

  test('is known again after a start', async () => {
    const house = await newSource('anna', 'House');
    const wish = { filter: 'kept/#', toSourceId: '', name: 'Kept', role: 'load' };
    const { toSourceId } = unwrap(await routes().add(viewer('anna'), house.id, wish));
    routes().load();
    expect(routes().targetOf(house, 'kept/box').id).toBe(toSourceId);
    expect(routes().targetOf(house, 'other/box').id).toBe(house.id);
  });
});

describe('what may not be routed', () => {
  test('topics that name nothing, more than one owner’s sources, and the source itself', async () => {
    const [house, others] = [await newSource('anna', 'House'), await newSource('bert', 'Berts')];
    const to = (who: string, filter: string, toSourceId: string) =>
      routes().add(viewer(who), house.id, { filter, toSourceId, name: 'New', role: 'system' });
    const code = async (result: ReturnType<typeof to>) => {
      const done = await result;
      return done.ok ? 'done' : done.error.code;
    };
    expect(await code(to('anna', '#', ''))).toBe('invalid');
    expect(await code(to('anna', 'a/#', house.id))).toBe('invalid');
    expect(await code(to('anna', 'a/#', others.id))).toBe('not_found');
    expect(await code(to('bert', 'a/#', others.id))).toBe('not_found');
    expect(await code(to('overseer', 'a/#', others.id))).toBe('invalid');
    expect(await code(to('overseer', 'a/#', ''))).toBe('forbidden');
    const wish = { filter: 'a/#', toSourceId: '', name: 'New', role: 'toaster' };
    expect(await code(routes().add(viewer('anna'), house.id, wish))).toBe('invalid');
    expect(await code(routes().add(viewer('anna'), house.id, { ...wish, name: '', role: 'load' }))).toBe('invalid');
    expect(routes().of(house.id)).toEqual([]);
  });
});

describe('the pages', () => {
  test('offer it where several devices are heard as one source, say where it is then, and end it', async () => {
    const house = await newSource('bert', 'Broker');
    // Where a sum is known, what says less of it is silent; it is a device all the same.
    await say(house, 'esphome/roof/sensor/pv1_power/state', 1500);
    await say(house, 'iot/barn', { pv_power: 1840, battery_soc: 55 });
    await say(house, 'iot/shed', { pv_power: 300, battery_soc: 91 });
    const page = async (path: string) => await (await ask(web, path, { viewer: 'bert' })).text();
    const before = await page('/sources/discover');
    expect(before).toContain('More than one device says the same');
    expect(before).toContain(`/sources/${house.id}/part?filter=iot%2Fbarn%2F%23`);
    const form = await page(`/sources/${house.id}/part?filter=iot%2Fbarn%2F%23`);
    for (const word of ['A source of its own, out of Broker', 'value="iot/barn/#"', 'value="Barn"', '1.84'])
      expect(form).toContain(word);
    const wish = { filter: 'iot/barn/#', toSourceId: '', name: 'Barn', role: 'system' };
    unwrap(await routes().add(viewer('bert'), house.id, wish));
    const after = await page('/sources/discover');
    expect(after).toContain('Sources of their own');
    expect(after).not.toContain('part?filter=iot%2Fbarn');
    expect(after).toContain('part?filter=iot%2F%23');
    expect(after).toContain('No longer take iot/barn/# for Barn');
  });
});
