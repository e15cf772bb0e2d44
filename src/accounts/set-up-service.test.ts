import { beforeEach, expect, test } from 'bun:test';
import { minutes } from '../core/durations.ts';
import { ok, unwrap } from '../core/result.ts';
import { type AccountsWorld, accountsWorld, goodPassword, visitor } from '../testing/accounts.ts';
import type { FirstSourceWish } from './first-source.ts';
import type { Viewer } from './viewer.ts';
import { viewerOf } from './viewer-service.ts';

let world: AccountsWorld;
const local = { ...visitor, address: '127.0.0.1', isLocal: true };
const remote = { ...visitor, isLocal: false };
const anna = { name: 'Anna', email: 'anna@example.org', password: goodPassword, code: '' };
const place = { name: 'Home', latitude: '52.52', longitude: '13.4', timeZone: 'Europe/Berlin' };

beforeEach(() => {
  world = accountsWorld();
});

async function claimed(): Promise<Viewer> {
  const { user, session } = unwrap(await world.service.setUp.claim(anna, local));
  return viewerOf(user, { kind: 'session', sessionId: session.sessionId });
}

test('the first visit makes the Overseer, who is signed in; then never again', async () => {
  expect(world.service.setUp.stepFor(null)).toBe('account');
  const viewer = await claimed();
  expect(viewer.role).toBe('overseer');
  expect(world.service.setUp.stepFor(null)).toBe('done');
  expect(world.service.setUp.stepFor(viewer)).toBe('site');
  const again = await world.service.setUp.claim({ ...anna, email: 'eve@example.org' }, local);
  expect(!again.ok && again.error.code).toBe('conflict');
});

test('of two who claim it at once, one becomes the Overseer', async () => {
  const results = await Promise.all(
    ['a', 'b', 'c', 'd'].map((who) => world.service.setUp.claim({ ...anna, email: `${who}@example.org` }, local)),
  );
  expect(results.filter((r) => r.ok)).toHaveLength(1);
  expect(world.service.listUsers().map((u) => u.role)).toEqual(['overseer']);
});

test('from another machine it takes the code that the start printed', async () => {
  const code = world.service.setUp.setUpCode() ?? '';
  expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/);
  for (const wrong of ['', 'ABCD-EFGH', code.slice(0, -1)]) {
    const result = await world.service.setUp.claim({ ...anna, code: wrong }, remote);
    expect(!result.ok && result.error.field).toBe('code');
  }
  expect(world.service.listUsers()).toEqual([]);
  unwrap(await world.service.setUp.claim({ ...anna, code: ` ${code.toLowerCase().replace('-', ' ')}` }, remote));
  expect(world.service.setUp.setUpCode()).toBeNull();
});

test('guessing the code is limited, also from many addresses', async () => {
  const tried = (address: string) => world.service.setUp.claim({ ...anna, code: 'XXXX-XXXX' }, { ...remote, address });
  for (let i = 0; i < 5; i += 1) await tried('10.0.0.1');
  const sixth = await tried('10.0.0.1');
  expect(!sixth.ok && sixth.error.code).toBe('rate_limited');
  for (let i = 2; i < 70; i += 1) await tried(`10.0.0.${i}`);
  const another = await tried('10.0.0.99');
  expect(!another.ok && another.error.code).toBe('rate_limited');
  world.clock.advance(minutes(5));
  const right = await world.service.setUp.claim({ ...anna, code: world.service.setUp.setUpCode() ?? '' }, remote);
  expect(right.ok).toBe(true);
});

test('whoever knows the code may mistype the rest as often as they like', async () => {
  const code = world.service.setUp.setUpCode() ?? '';
  for (let i = 0; i < 12; i += 1) {
    const result = await world.service.setUp.claim({ ...anna, email: 'nonsense', code }, remote);
    expect(!result.ok && result.error.field).toBe('email');
  }
});

test('every field at fault is named', async () => {
  const result = await world.service.setUp.claim({ name: '', email: 'x', password: 'short', code: '' }, local);
  expect(!result.ok && result.error.fields?.map((f) => f.field)).toEqual(['name', 'email', 'password']);
});

test('place, then first source, then done; each step is kept over a restart', async () => {
  const viewer = await claimed();
  const wishes: FirstSourceWish[] = [];
  world.service.setUp.plugFirstSource({
    create: async (_viewer, wish) => {
      wishes.push(wish);
      const secrets = { mqttTopic: 't', mqttApiKey: 'k', webhookPath: '/hooks/1', webhookSecret: 's' };
      return ok({ id: '1', name: wish.name, connectionType: wish.connectionType, ...secrets });
    },
  });
  const typed = { name: 'Roof', connectionType: 'mqtt', installedCapacityW: '9,8' };
  expect((await world.service.setUp.addFirstSource(viewer, typed, visitor.address)).ok).toBe(false);
  const wrong = world.service.setUp.saveSite(viewer, { ...place, latitude: '91' }, visitor.address);
  expect(!wrong.ok && wrong.error.field).toBe('latitude');
  unwrap(world.service.setUp.saveSite(viewer, place, visitor.address));
  expect(world.service.setUp.stepFor(viewer)).toBe('source');
  const nonsense = await world.service.setUp.addFirstSource(
    viewer,
    { ...typed, installedCapacityW: 'a lot' },
    visitor.address,
  );
  expect(!nonsense.ok && nonsense.error.field).toBe('installedCapacityW');
  unwrap(await world.service.setUp.addFirstSource(viewer, typed, visitor.address));
  expect(wishes).toEqual([
    {
      name: 'Roof',
      connectionType: 'mqtt',
      installedCapacityW: 9800,
      latitude: 52.52,
      longitude: 13.4,
      timeZone: 'Europe/Berlin',
    },
  ]);
  expect(world.service.setUp.stepFor(viewer)).toBe('done');
  expect((await world.service.setUp.addFirstSource(viewer, typed, visitor.address)).ok).toBe(false);
  expect(world.service.setUp.site()).toMatchObject({ name: 'Home', latitude: 52.52 });
});

test('an Overseer made by the command line closes the wizard; another person does not see it', async () => {
  await world.person('ben@example.org');
  expect(world.service.setUp.stepFor(null)).toBe('account');
  const { viewer } = await world.person('over@example.org', 'overseer');
  expect(world.service.setUp.stepFor(null)).toBe('done');
  expect(world.service.setUp.stepFor(viewer)).toBe('done');
  expect(world.service.setUp.setUpCode()).toBeNull();
});
