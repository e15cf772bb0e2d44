import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { silentLog } from '../../platform/log.ts';
import { IngestBench, makeSource } from '../../testing/ingest.ts';
import { createWeb, type Web } from '../../web/server.ts';
import { signBody } from './webhook-signature.ts';

const SECRET = 'ab'.repeat(32);
let bench: IngestBench;
let web: Web;
beforeEach(async () => {
  bench = new IngestBench();
  bench.sources.set('s1', makeSource('s1'));
  bench.sources.set('off', makeSource('off', { isActive: false }));
  for (const id of ['s1', 'off']) bench.secrets.set(id, SECRET);
  await bench.ingest.start?.();
  web = createWeb({
    clock: bench.clock,
    log: silentLog,
    resolveViewer: async () => null,
    trustProxy: false,
    hasTls: false,
    publicUrl: '',
    maxBodyBytes: 1024 * 1024,
  });
  bench.ingest.routes?.(web.routes);
});
afterEach(async () => {
  web.stop();
  await bench.dispose();
});

interface Post {
  body?: string;
  id?: string;
  timestamp?: string;
  secret?: string;
  signature?: string | null;
  peer?: string;
  headers?: Record<string, string>;
}

async function post(options: Post = {}): Promise<{ status: number; body: unknown; retryAfter: string | null }> {
  const { body = '{"solarPower":5}', id = 's1', secret = SECRET, peer = '192.168.0.7' } = options;
  const timestamp = options.timestamp ?? String(Math.floor(bench.clock.now() / 1000));
  const signature = options.signature ?? (await signBody(secret, timestamp, new TextEncoder().encode(body)));
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-ampra-timestamp': timestamp,
    ...options.headers,
  };
  if (options.signature !== null) headers['x-ampra-signature'] = signature;
  const request = new Request(`http://ampra.local/hooks/${id}`, { method: 'POST', headers, body });
  const response = await web.fetch(request, peer);
  return { status: response.status, body: await response.json(), retryAfter: response.headers.get('retry-after') };
}

const secondsFromNow = (s: number) => String(Math.floor(bench.clock.now() / 1000) + s);

describe('POST /hooks/<source id>', () => {
  const refused: [string, () => Post, number][] = [
    ['without a signature', () => ({ signature: null }), 401],
    ['with a signature that is none', () => ({ signature: 'sha256=xyz' }), 401],
    ['with a signature of zeros', () => ({ signature: `sha256=${'0'.repeat(64)}` }), 401],
    ['signed with another secret', () => ({ secret: 'cd'.repeat(32) }), 401],
    ['to a source that is not there', () => ({ id: 'nobody' }), 401],
    ['older than five minutes', () => ({ timestamp: secondsFromNow(-301) }), 401],
    ['newer than five minutes', () => ({ timestamp: secondsFromNow(302) }), 401],
    ['with a timestamp that is none', () => ({ timestamp: 'now' }), 401],
    ['to a source that is switched off', () => ({ id: 'off' }), 403],
    ['that is compressed', () => ({ headers: { 'content-encoding': 'gzip' } }), 415],
    ['that is no JSON', () => ({ body: '{' }), 400],
    ['with nothing good in it', () => ({ body: '[{"solarPower":"x"},{"foo":1}]' }), 400],
    ['that is too large', () => ({ body: `{"solarPower":1,"x":"${'y'.repeat(1024 * 1024)}"}` }), 413],
  ];
  for (const [what, options, status] of refused) {
    test(`refuses a post ${what} with ${status} and stores nothing`, async () => {
      const answer = await post(options());
      expect(answer.status).toBe(status);
      expect(answer.body).toMatchObject({ status, detail: expect.any(String) });
      expect(bench.sink.readings).toEqual([]);
    });
  }

  test('tells the source’s page why a post was turned away, until one is taken', async () => {
    const note = () => bench.ingest.turnedAway.noteOf('s1');
    await post({ secret: 'cd'.repeat(32) });
    expect(note()).toMatchObject({ why: 'signature', address: '192.168.0.7' });
    await post();
    expect(note()).toBeNull();
    await post({ timestamp: secondsFromNow(-7200) });
    expect(note()).toMatchObject({ why: 'clock', ageMs: 7_200_000 });
    await post({ timestamp: 'now' });
    expect(note()).toMatchObject({ why: 'clock', ageMs: null });
    await post({ signature: null });
    expect(note()).toMatchObject({ why: 'unsigned' });
    await post({ id: 'nobody', signature: null });
    expect(bench.ingest.turnedAway.noteOf('nobody')).toBeNull();
  });

  test('says the same of a source that is not there as of a wrong signature', async () => {
    const { requestId: _a, ...unknown } = (await post({ id: 'nobody' })).body as Record<string, unknown>;
    const { requestId: _b, ...wrong } = (await post({ secret: 'x' })).body as Record<string, unknown>;
    expect(unknown).toEqual(wrong);
  });

  test('answers 202 once the readings are on disk', async () => {
    expect(await post()).toMatchObject({ status: 202, body: { accepted: 1, rejected: [] } });
    const stored: string[] = [];
    await bench.ingest.journal.replay(0, (r) => stored.push(`${r.channel} ${r.topic}`));
    expect(stored).toEqual(['webhook hooks/s1']);
  });

  test('takes times up to five minutes off', async () => {
    for (const s of [-299, 299]) expect((await post({ timestamp: secondsFromNow(s) })).status).toBe(202);
  });

  test('stores the good part of a batch and names the bad', async () => {
    const body = JSON.stringify([{ solarPower: 1 }, { solarPower: -1 }, { gridPower: 2, stateOfCharge: 'NaN' }]);
    const answer = await post({ body });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      accepted: 2,
      rejected: [
        { index: 1, field: 'solarPower', message: 'must lie between 0 and 10000000 W' },
        { index: 2, field: 'stateOfCharge', message: 'must be a number' },
      ],
    });
  });

  test('names every field when nothing is good', async () => {
    const { body } = await post({ body: '[{"solarPower":"x"},{"foo":1}]' });
    expect(body).toMatchObject({
      errors: [
        { field: '[0].solarPower', message: 'must be a number' },
        { field: '[1]', message: 'holds no value of the catalogue' },
      ],
    });
  });

  test('signs the exact bytes: a body in another writing does not fit', async () => {
    const timestamp = secondsFromNow(0);
    const signature = await signBody(SECRET, timestamp, new TextEncoder().encode('{"solarPower":5}'));
    expect((await post({ body: '{"solarPower": 5}', timestamp, signature })).status).toBe(401);
    expect((await post({ timestamp: secondsFromNow(1), signature })).status).toBe(401);
  });

  test('gives the same answer to the same post again and stores it once', async () => {
    const first = await post();
    const again = await Promise.all([post(), post()]);
    expect(again).toEqual([first, first]);
    bench.clock.advance(60_000);
    await post({ timestamp: secondsFromNow(-60) });
    expect(bench.sink.readings).toHaveLength(1);
  });

  test('slows down whoever signs wrongly and says so, and still takes every right signature from the same address', async () => {
    bench.sources.set('s2', makeSource('s2'));
    bench.secrets.set('s2', SECRET);
    let answer = await post({ secret: 'wrong' });
    for (let i = 0; i < 40; i++) answer = await post({ secret: `wrong${i}` });
    expect(answer.status).toBe(429);
    expect(answer.body).toMatchObject({ detail: expect.stringContaining('signature does not fit') });
    expect(Number(answer.retryAfter)).toBeGreaterThan(0);
    for (const id of ['s1', 's2'])
      expect(await post({ id, body: `{"solarPower":7,"x":"${id}"}` })).toMatchObject({ status: 202 });
    expect((await post({ id: 's2', secret: 'wrong' })).status).toBe(401);
  });

  test('hashes only so much for nothing: then large bodies of that address wait, small ones are still taken', async () => {
    const large = `{"solarPower":1,"x":"${'y'.repeat(1000 * 1024)}"}`;
    const signature = `sha256=${'0'.repeat(64)}`;
    const statuses: number[] = [];
    for (let i = 0; i < 70; i++) statuses.push((await post({ id: `s${i}`, body: large, signature })).status);
    expect(new Set(statuses.slice(0, 60))).toEqual(new Set([401]));
    const refused = await post({ body: large });
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ detail: expect.stringContaining('64 kB') });
    expect((await post()).status).toBe(202);
    expect((await post({ body: large, peer: '192.168.0.8' })).status).toBe(202);
    bench.clock.advance(10_000);
    expect((await post({ body: large })).status).toBe(202);
  });

  test('a clock that is wrong and a signature that is none are told before anything is hashed, and count for nothing', async () => {
    for (let i = 0; i < 100; i++) {
      expect((await post({ timestamp: secondsFromNow(-3000) })).status).toBe(401);
      expect((await post({ signature: null })).status).toBe(401);
    }
    expect((await post({ secret: 'wrong' })).status).toBe(401);
  });

  test('tells a device what is not right in its own words, not to sign in', async () => {
    for (const options of [{ secret: 'x' }, { id: 'nobody' }, { signature: null }, { timestamp: 'now' }])
      expect((await post(options)).body).toMatchObject({
        title: 'The signature is not right',
        code: 'unauthenticated',
      });
  });

  test('takes the bytes whatever their type is called: curl and small devices name others', async () => {
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/octet-stream']) {
      const body = `{"solarPower":5,"x":"${type}"}`;
      expect((await post({ body, headers: { 'content-type': type } })).status).toBe(202);
    }
    expect((await post({ headers: { 'content-encoding': 'identity' } })).status).toBe(202);
  });

  test('names what was rejected in the order of the batch, whatever was found first', async () => {
    const body = JSON.stringify([
      { solarPower: 1, timestamp: '2009-01-01T00:00:00Z' },
      { solarPower: 'x' },
      { solarPower: 2 },
    ]);
    expect((await post({ body })).body).toMatchObject({ accepted: 1, rejected: [{ index: 0 }, { index: 1 }] });
  });

  const wholes: [string, string, string][] = [
    ['no JSON', '{', 'body'],
    ['a number', '5', 'body'],
    ['null', 'null', 'body'],
    ['an empty list', '[]', 'body'],
    ['one object with a bad value', '{"solarPower":"x"}', 'solarPower'],
    ['a list of what is no object', '[5]', '[0]'],
  ];
  for (const [what, body, field] of wholes)
    test(`names ${field} for ${what}`, async () => {
      expect((await post({ body })).body).toMatchObject({ status: 400, errors: [{ field }] });
    });

  test('is described in the document of the API', async () => {
    const answer = await web.fetch(new Request('http://ampra.local/api/v1/openapi.json'), '192.168.0.7');
    const { paths } = (await answer.json()) as {
      paths: Record<string, { post?: { responses: object; security?: [] } }>;
    };
    const hook = paths['/hooks/{id}']?.post;
    expect(Object.keys(hook?.responses ?? {})).toEqual(['202', '400', '401', '403', '413', '415', '429', '503']);
    expect(hook?.security).toBeUndefined();
  });

  test('slows down a source that posts without pause', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 1100; i++) {
      statuses.add((await post({ body: `{"solarPower":${i}}`, timestamp: secondsFromNow(i % 200) })).status);
      if (statuses.has(429)) break;
    }
    expect([...statuses]).toEqual([202, 429]);
  });
});
