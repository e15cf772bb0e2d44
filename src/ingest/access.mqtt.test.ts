import { describe, expect, test } from 'bun:test';
import type { Viewer } from '../accounts/viewer.ts';
import { systemClock } from '../core/clock.ts';
import { isPrivateAddress } from '../core/private-address.ts';
import type { Principal, PublishedMessage } from '../mqtt/ports.ts';
import type { SourceChange, SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { endLostAccess, MqttAccess } from './access.mqtt.ts';
import { TurnedAwayMemory } from './inbox/turned-away-service.ts';
import { type AnonymousInbox, IngestRefusal, type IngestService } from './ports.ts';

const source = (id: string, ownerId: string, isActive = true) => ({ id, ownerId, isActive }) as Source;
const known = [source('s1', 'anna'), source('s2', 'anna'), source('s3', 'ben'), source('off', 'anna', false)];
const directory = {
  byId: (id) => known.find((s) => s.id === id),
  checkApiKey: (id, key) => key === `key-${id}`,
} as Partial<SourceDirectory> as SourceDirectory;
const viewer = (scope: 'read' | 'write') =>
  ({ userId: 'anna', role: 'user', via: { kind: 'token', tokenId: `t-${scope}`, scope } }) as Viewer;

const received: { source: string; topic: string }[] = [];
let failure: Error | null = null;
const ingest: IngestService = {
  receive: (s, _channel, message, done) => {
    received.push({ source: s.id, topic: message.topic });
    done(failure, { accepted: 1, rejected: [] });
  },
};
const kept: string[] = [];
const inbox: AnonymousInbox = {
  sourceOf: (topic) => (topic.startsWith('claimed/') ? known.find((s) => s.id === topic.split('/')[1]) : undefined),
  receive: (message, done) => {
    kept.push(message.topic);
    done(failure);
  },
};
const turnedAway = new TurnedAwayMemory(systemClock);
const access = (mode: 'sources' | 'open' = 'sources') =>
  new MqttAccess({
    turnedAway,
    sources: directory,
    tokens: { verifyToken: (t) => (t === 'read' || t === 'write' ? viewer(t) : undefined) },
    ingest,
    journal: { commit: async () => {} },
    clock: systemClock,
    access: mode,
    inbox,
  });
const login = (username: string | undefined, password?: string, address = '192.168.1.9', mode?: 'open') =>
  access(mode).authenticate({ username, password, clientId: 'c', address });
const s1: Principal = { kind: 'source', sourceId: 's1', ownerId: 'anna' };
const reader: Principal = { kind: 'token', ownerId: 'anna', canWrite: false };
const writer: Principal = { kind: 'token', ownerId: 'anna', canWrite: true };
const guest: Principal = { kind: 'anonymous', address: '10.0.0.2' };
const message = (topic: string): PublishedMessage => {
  const payload = new Uint8Array([123, 125]);
  return { topic, payload, qos: 1, isRetained: false, clientId: 'c', pending: 1 };
};

describe('what is said of a source that was turned away', () => {
  test('is from where a wrong password came, until the right one does', async () => {
    await login('s1', 'key-s2', '192.168.1.7');
    expect(turnedAway.noteOf('s1')).toMatchObject({ why: 'key', address: '192.168.1.7' });
    await login('s1', 'key-s1');
    expect(turnedAway.noteOf('s1')).toBeNull();
  });

  test('is the topic at which it may not publish, and nothing of names that no source has', async () => {
    expect(access().mayPublish(s1, 'ampra/s2/telemetry')).toBe(false);
    expect(access().mayPublish(s1, 'ampra/s1/telemetry')).toBe(true);
    expect(turnedAway.noteOf('s1')).toMatchObject({ why: 'topic', topic: 'ampra/s2/telemetry' });
    await login('nobody', 'key-s1');
    expect(turnedAway.noteOf('nobody')).toBeNull();
    expect(turnedAway.noteOf('s2')).toBeNull();
  });
});

describe('logging in', () => {
  test('a source uses its id and its key', async () => {
    expect(await login('s1', 'key-s1')).toEqual({ ok: true, value: s1 });
  });

  test('a wrong key, an unknown id and no key are answered alike', async () => {
    const answers = await Promise.all([login('s1', 'key-s2'), login('nobody', 'key-s1'), login('s1')]);
    for (const answer of answers) expect(answer).toEqual(answers[0] as typeof answer);
    expect(answers[0]).toMatchObject({ ok: false, error: { code: 'unauthenticated' } });
  });

  test('a source that is switched off may not in, but only the holder of its key learns that', async () => {
    expect(await login('off', 'key-off')).toMatchObject({ error: { code: 'forbidden' } });
    expect(await login('off', 'bad')).toMatchObject({ error: { code: 'unauthenticated' } });
  });

  test('a program uses an access token; its scope decides whether it may publish', async () => {
    expect(await login('token', 'read')).toMatchObject({
      value: { ownerId: 'anna', canWrite: false, tokenId: 't-read' },
    });
    expect(await login('token', 'write')).toMatchObject({ value: { canWrite: true } });
    expect(await login('token', 'stolen')).toMatchObject({ error: { code: 'unauthenticated' } });
  });

  test('nobody is anonymous, unless access is open and the address private', async () => {
    expect(await login(undefined)).toMatchObject({ error: { code: 'forbidden' } });
    expect(await login(undefined, undefined, '192.168.1.9', 'open')).toMatchObject({ value: { kind: 'anonymous' } });
    expect(await login(undefined, undefined, '8.8.8.8', 'open')).toMatchObject({ error: { code: 'forbidden' } });
  });

  test.each([
    ['127.0.0.1', true],
    ['10.1.2.3', true],
    ['172.16.0.1', true],
    ['172.31.255.1', true],
    ['172.32.0.1', false],
    ['192.168.0.1', true],
    ['169.254.3.4', true],
    ['::1', true],
    ['fe80::1', true],
    ['fd12:3456::1', true],
    ['::ffff:192.168.1.2', true],
    ['2001:db8::1', false],
    ['1.1.1.1', false],
    ['fd.example', false],
  ])('%s is private: %p', (address, isPrivate) => {
    expect(isPrivateAddress(address)).toBe(isPrivate);
  });
});

describe('publishing', () => {
  test.each([
    ['ampra/s1/telemetry', true],
    ['solar_assistant/inverter_1/load_power/state', true],
    ['ampra/s2/telemetry', false],
    ['ampra/s3/telemetry', false],
    ['ampra', false],
    ['ampra/s1/latest', false],
    ['ampra/s1/plan', false],
    ['amprax/s2', true],
  ])('a source to %s: %p', (topic, isAllowed) => {
    expect(access().mayPublish(s1, topic)).toBe(isAllowed);
  });

  test.each([
    ['solar/cmd', true],
    ['ampra/s1/telemetry', true],
    ['ampra/s3/telemetry', false],
    ['ampra/s1/latest', false],
  ])('a program that may write to %s: %p', (topic, isAllowed) => {
    expect(access().mayPublish(writer, topic)).toBe(isAllowed);
    expect(access().mayPublish(reader, topic)).toBe(false);
  });

  test('an anonymous client only where no source is', () => {
    expect(access('open').mayPublish(guest, 'shellies/x')).toBe(true);
    expect(access('open').mayPublish(guest, 'ampra/s1/telemetry')).toBe(false);
  });
});

describe('subscribing', () => {
  test.each([
    ['ampra/s1/#', true],
    ['ampra/s1/latest', true],
    ['homeassistant/status', true],
    ['ampra/+/latest', false],
    ['ampra/s2/#', false],
    ['ampra/#', false],
    ['#', false],
    ['+/+/+', false],
  ])('a source to %s: %p', (filter, isAllowed) => {
    expect(access().maySubscribe(s1, filter)).toBe(isAllowed);
  });

  test('a program reads whatever its owner may', () => {
    expect(access().maySubscribe(reader, '#')).toBe(true);
    expect(access().mayReceive(reader, 'ampra/s2/latest')).toBe(true);
  });

  test('a source is given nothing but its own', () => {
    expect(access().mayReceive(s1, 'ampra/s1/plan')).toBe(true);
    expect(access().mayReceive(s1, 'ampra/s2/plan')).toBe(false);
    expect(access().mayReceive(s1, 'solar/power')).toBe(false);
  });
});

describe('receiving', () => {
  const take = (principal: Principal, topic: string) =>
    new Promise<Error | null>((resolve) => access().receive(principal, message(topic), resolve));

  test("what a source publishes is that source's, whatever the topic", async () => {
    received.length = 0;
    await take(s1, 'deye/ac/power');
    expect(received).toEqual([{ source: 's1', topic: 'deye/ac/power' }]);
  });

  test("a program's publication counts under ampra/<id>/ of an own source only", async () => {
    received.length = 0;
    await take(writer, 'ampra/s2/telemetry');
    await take(writer, 'deye/ac/power');
    expect(received).toEqual([{ source: 's2', topic: 'ampra/s2/telemetry' }]);
  });

  test('what an anonymous client publishes waits in the inbox, and counts for a source once it is claimed', async () => {
    received.length = 0;
    kept.length = 0;
    expect(await take(guest, 'solar/power')).toBeNull();
    expect(await take(guest, 'claimed/s1/power')).toBeNull();
    expect(await take(guest, 'claimed/off/power')).toBeNull();
    expect(kept).toEqual(['solar/power']);
    expect(received).toEqual([{ source: 's1', topic: 'claimed/s1/power' }]);
    failure = new IngestRefusal('unavailable', 'too much');
    expect(await take(guest, 'solar/power')).toMatchObject({ reason: 'quota' });
    failure = null;
  });

  test('what cannot be stored is a full quota; a source that is gone is not', async () => {
    failure = new IngestRefusal('unavailable', 'the disk is full');
    expect(await take(s1, 't')).toMatchObject({ reason: 'quota', message: 'the disk is full' });
    failure = null;
    expect(await take({ kind: 'source', sourceId: 'gone', ownerId: 'anna' }, 't')).toMatchObject({
      reason: 'unavailable',
    });
  });
});

test('whoever lost access is disconnected', () => {
  const ended: string[] = [];
  let sourceChanged: (change: SourceChange) => void = () => {};
  const stop = endLostAccess({
    broker: {
      publish: async () => {},
      clients: () => [],
      disconnectSource: (id) => ended.push(`source ${id}`),
      disconnectToken: (id) => ended.push(`token ${id}`),
      disconnectOwner: (id) => ended.push(`owner ${id}`),
      forgetOwner: (id) => ended.push(`forget ${id}`),
    },
    sources: {
      onChange: (listener: typeof sourceChanged) => {
        sourceChanged = listener;
        return () => {};
      },
    } as Partial<SourceDirectory> as SourceDirectory,
    accounts: {
      onChange: (listener) => {
        listener({ kind: 'tokenRevoked', userId: 'anna', tokenId: 't' });
        listener({ kind: 'userChanged', userId: 'anna', isActive: true });
        listener({ kind: 'userChanged', userId: 'anna', isActive: false });
        listener({ kind: 'userDeleted', userId: 'ben' });
        return () => {};
      },
    },
  });
  for (const kind of ['created', 'updated', 'keyRotated', 'deactivated', 'deleted'] as const)
    sourceChanged({ kind, source: source(kind, 'anna') });
  expect(ended).toEqual([
    'token t',
    'owner anna',
    'forget ben',
    'source keyRotated',
    'source deactivated',
    'source deleted',
  ]);
  stop();
});
