import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unwrap } from '../core/result.ts';
import { png } from '../testing/images.ts';
import { ada, adam, berlin, bob, olga, SourcesBench } from '../testing/sources.ts';
import type { Web } from '../web/server.ts';
import { ask, testWeb } from '../web/testing.ts';
import type { ReceivedMessage, RefusedGroup } from './ports.ts';
import type { TurnedAway } from './turned-away.ts';

let bench: SourcesBench;
let web: Web;
let id: string;
let groupId: string;
let messages: ReceivedMessage[] = [];
let refused: RefusedGroup[] = [];
let turnedAway: TurnedAway | null = null;
const dismissed: (string | undefined)[] = [];
const lastReading = new Map<string, number>();
const tokens = new Map<string, string>();

beforeAll(async () => {
  bench = new SourcesBench();
  web = testWeb({ ada, bob, olga, adam }, { maxBodyBytes: 8 * 1024 * 1024, clock: bench.clock });
  bench.sources.plugIn({
    activity: { lastReadingAt: (source) => lastReading.get(source) ?? null },
    turnedAway: { noteOf: (source) => (source === id ? turnedAway : null), onChange: () => () => undefined },
    messages: { newestOf: async (_source, limit) => messages.slice(0, limit) },
    refused: {
      summaryOf: (source) => {
        const [first] = source === id ? refused : [];
        const count = refused.reduce((all, group) => all + group.count, 0);
        return first ? { count, firstAt: first.firstAt, newestAt: first.newestAt } : null;
      },
      groupsOf: (source, { offset, limit }) => {
        const own = source === id ? refused : [];
        return { groups: own.slice(offset, offset + limit), total: own.length };
      },
      dismiss: (_source, reason) => dismissed.push(reason),
    },
  });
  bench.sources.routes?.(web.routes);
  await bench.start();
  const group = unwrap(await bench.sources.groups.create(ada, { name: 'House' }, png(40, 40)));
  groupId = group.id;
  const made = await bench.sources.service.create(ada, { ...berlin, name: 'Roof <b>', groupId }, png(40, 40));
  id = unwrap(made).source.id;
});
afterAll(async () => {
  await bench.sources.stop?.();
  web.stop();
  await bench.dispose();
});

const get = (path: string, viewer?: string) => ask(web, path, viewer ? { viewer } : {});
const page = async (path: string, viewer = 'ada') => (await get(path, viewer)).text();

/** Sends a form as a browser would: with the page's token and origin. */
async function send(path: string, fields: Record<string, string | File>, viewer = 'ada', token?: string) {
  const known = tokens.get(viewer) ?? /name="_csrf" value="([^"]+)"/.exec(await page('/groups/new', viewer))?.[1] ?? '';
  tokens.set(viewer, known);
  const body = new FormData();
  body.set('_csrf', token ?? known);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return ask(web, path, { method: 'POST', viewer, body, headers: { Origin: 'http://192.168.1.20:8080' } });
}

const form = { name: 'Garage', connectionType: 'mqtt', role: 'solar', currency: 'EUR' };
const place = { latitude: '52.5', longitude: '13.4', timeZone: 'Europe/Berlin' };

const pages = () => [
  ...['', '/edit', '/delete', '/icon', '/rotate-keys', '/keys', '/events', '/refused'].map(
    (end) => `/sources/${id}${end}`,
  ),
  ...['/edit', '/logo'].map((end) => `/groups/${groupId}${end}`),
];
const forms = () => [
  ...[
    '',
    '/rotate-keys',
    '/activate',
    '/deactivate',
    '/delete',
    '/refused/dismiss',
    '/prices',
    '/prices/2026-01-01/delete',
  ].map((end) => `/sources/${id}${end}`),
  ...['', '/delete'].map((end) => `/groups/${groupId}${end}`),
];

describe('nobody sees or changes what is not theirs', () => {
  test('without a session every page leads to sign-in', async () => {
    for (const path of ['/sources', '/sources/new', ...pages()]) {
      const answer = await get(path);
      expect([path, answer.status]).toEqual([path, 303]);
      expect(answer.headers.get('Location')).toStartWith('/login');
    }
  });
  test('another owner, and an Admin, get the same 404 as for what does not exist', async () => {
    for (const viewer of ['bob', 'adam']) {
      for (const path of pages()) {
        const foreign = await get(path, viewer);
        expect([path, foreign.status]).toEqual([path, 404]);
        expect(await foreign.text()).not.toContain('Roof');
      }
      for (const path of forms()) expect([path, (await send(path, form, viewer)).status]).toEqual([path, 404]);
    }
    expect(await page('/sources', 'bob')).not.toContain('Roof');
    expect(bench.sources.directory.byId(id)?.version).toBe(1);
  });
  test('a form without the page’s token is not carried out, but comes back', async () => {
    for (const path of ['/sources', '/groups', ...forms()])
      expect([path, (await send(path, form, 'ada', 'forged')).status]).toEqual([path, 303]);
    expect(bench.sources.directory.byId(id)?.version).toBe(1);
  });
  test('an Overseer sees it, with whose it is', async () => {
    expect(await page(`/sources/${id}`, 'olga')).toContain('Somebody else’s');
  });
});

test('what was typed is escaped wherever it is shown', async () => {
  for (const path of ['/sources', `/sources/${id}`, `/sources/${id}/edit`, `/sources/${id}/delete`]) {
    const text = await page(path);
    expect(text).toContain('Roof &lt;b&gt;');
    expect(text).not.toContain('Roof <b>');
  }
});

test('a new source leads to its keys, which are shown once and to nobody else', async () => {
  const made = await send('/sources', { ...form, ...place });
  expect(made.status).toBe(303);
  const path = made.headers.get('Location') ?? '';
  expect(path).toMatch(/^\/sources\/[0-9a-f-]{36}\/keys\?ticket=/);
  expect((await get(path, 'bob')).status).toBe(404);
  expect((await get(path, 'olga')).status).toBe(303);
  const first = await get(path, 'ada');
  expect(first.headers.get('Cache-Control')).toBe('no-store');
  const text = await first.text();
  const key = /[0-9a-f]{64}/.exec(text)?.[0] ?? '';
  expect(bench.sources.directory.checkApiKey(path.split('/')[2] ?? '', key)).toBe(true);
  expect(text).toContain('192.168.1.20');
  expect((await get(path, 'ada')).status).toBe(303);
  expect(await page(path.replace(/\/keys.*/, ''))).not.toContain(key);
});

test('what is wrong stands beside its field, and what was typed stays', async () => {
  const before = bench.sources.directory.all().length;
  const answer = await send('/sources', { ...form, ...place, name: '', latitude: '95', systemCost: '1.234' });
  expect(answer.status).toBe(400);
  const text = await answer.text();
  expect(text).toContain('Name is missing');
  expect(text).toContain('Latitude must lie between -90 and 90');
  expect(text).toContain('Cost of the system has more than 2 digits');
  expect(text).toContain('value="95"');
  expect(bench.sources.directory.all().length).toBe(before);
});

test('of two editors the second is told what differs, keeps what was typed, and may save again', async () => {
  const { source } = await bench.create(ada, { name: 'Shared' });
  const path = `/sources/${source.id}`;
  expect((await send(path, { ...form, ...place, name: 'First', version: '1' })).status).toBe(303);
  const second = await send(path, { ...form, ...place, name: 'Second', version: '1' });
  expect(second.status).toBe(412);
  const text = await second.text();
  expect(text).toContain('This source was changed meanwhile');
  expect(text).toContain('First');
  expect(text).toContain('value="Second"');
  expect(text).toContain('name="version" value="2"');
  expect(bench.sources.directory.byId(source.id)?.name).toBe('First');
  expect((await send(path, { ...form, ...place, name: 'Second', version: '2' })).status).toBe(303);
  expect(bench.sources.directory.byId(source.id)?.name).toBe('Second');
});

test('a mistake in an old form does not slip past the check for other editors', async () => {
  const { source } = await bench.create(ada);
  unwrap(await bench.sources.service.update(ada, source.id, { name: 'Theirs' }));
  const wrong = await send(`/sources/${source.id}`, { ...form, ...place, latitude: '95', version: '1' });
  expect(wrong.status).toBe(412);
});

test('a picture is served as WebP that no browser may take for anything else', async () => {
  const answer = await get(`/sources/${id}/icon`, 'ada');
  expect(answer.headers.get('Content-Type')).toBe('image/webp');
  expect(answer.headers.get('X-Content-Type-Options')).toBe('nosniff');
  expect(answer.headers.get('Cache-Control')).toContain('private');
  expect((await get(`/groups/${groupId}/logo`, 'ada')).headers.get('Content-Type')).toBe('image/webp');
});

test('an upload that is no picture is refused beside its field, by what it is and not by its name', async () => {
  const count = readdirSync(join(bench.dir, 'images')).length;
  for (const bytes of ['<svg onload="alert(1)"/>', '<?php ?>', 'GIF89a\x01\0\x01\0<script>']) {
    const icon = new File([bytes], 'photo.png', { type: 'image/png' });
    const answer = await send(`/sources/${id}`, { ...form, ...place, icon });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('not a picture');
  }
  expect(readdirSync(join(bench.dir, 'images')).length).toBe(count);
});

test('a picture is uploaded, replaced and taken away by the form', async () => {
  const { source } = await bench.create(ada);
  const icon = new File([new Uint8Array(png(500, 400))], 'anything.txt', { type: 'text/plain' });
  expect((await send(`/sources/${source.id}`, { ...form, ...place, icon })).status).toBe(303);
  const bytes = new Uint8Array(await (await get(`/sources/${source.id}/icon`, 'ada')).arrayBuffer());
  expect(await new Bun.Image(bytes).metadata()).toMatchObject({ width: 256, format: 'webp' });
  await send(`/sources/${source.id}`, { ...form, ...place, 'remove-icon': 'on' });
  expect((await get(`/sources/${source.id}/icon`, 'ada')).status).toBe(404);
});

test('deleting asks for the name, and does nothing without it', async () => {
  const { source } = await bench.create(ada, { name: 'Old one' });
  const wrong = await send(`/sources/${source.id}/delete`, { confirm: 'old' });
  expect(wrong.status).toBe(400);
  expect(bench.sources.directory.byId(source.id)).toBeDefined();
  const right = await send(`/sources/${source.id}/delete`, { confirm: ' Old one ' });
  expect(right.headers.get('Location')).toBe('/sources');
  expect((await get(`/sources/${source.id}`, 'ada')).status).toBe(404);
});

test('the page shows how it is and what it sent, readable whatever it was', async () => {
  const now = bench.clock.now();
  const bytes = (text: string) => new TextEncoder().encode(text);
  messages = [
    { receivedAt: now - 1000, channel: 'mqtt', topic: 'a/b', payload: bytes('{"solarPower":1250}') },
    { receivedAt: now - 2000, channel: 'mqtt', topic: 'a/c', payload: bytes('<i>hi'), problem: 'It is no JSON.' },
    { receivedAt: now - 3000, channel: 'webhook', topic: 'a/d', payload: new Uint8Array([0, 255]) },
  ];
  expect(await page(`/sources/${id}`)).toContain('Waiting for its first reading');
  lastReading.set(id, now - 20 * 60_000);
  const text = await page(`/sources/${id}`);
  for (const part of ['Silent', '20 min ago', 'solarPower', '&lt;i&gt;hi', 'It is no JSON.', '00 ff'])
    expect(text).toContain(part);
});

const refusedGroup = (reason: string, kept = 0): RefusedGroup => {
  const at = bench.clock.now() - 26 * 3_600_000;
  const entry = { index: 1, field: 'stateOfCharge', message: 'must be a number' };
  const outcome = { kept, keptFields: kept ? ['solarPower'] : [], isList: true, refused: [entry], refusedInAll: 1 };
  const payload = new TextEncoder().encode('[{"solarPower":1},{"stateOfCharge":"x<i>"}]');
  const example = {
    receivedAt: at,
    channel: 'mqtt' as const,
    topic: 'a/b',
    payload,
    payloadBytes: 43,
    problem: reason,
    outcome,
  };
  return { reason, count: 2, firstAt: at, newestAt: at, example };
};

test('a message that was stored in part says so: what was kept, which entry and field was not', async () => {
  const { example } = refusedGroup('stateOfCharge must be a number', 1);
  messages = [example];
  const text = await page(`/sources/${id}`);
  expect(text).toContain('Partly stored');
  expect(text).not.toContain('Not understood');
  expect(text).toContain('Stored: 1 entry (solarPower).');
  expect(text).toContain('Entry 2: stateOfCharge must be a number');
  messages = [];
});

test('the form takes both numbers of a place in one field, as maps give them', async () => {
  const { source } = await bench.create(ada, { name: 'Shed' });
  const pasted = { ...form, ...place, latitude: '48.1, 11.5', version: '1' };
  expect((await send(`/sources/${source.id}`, pasted)).status).toBe(303);
  expect(bench.sources.directory.byId(source.id)).toMatchObject({ latitude: 48.1, longitude: 11.5 });
});

test('the form takes powers in kilowatts, as every page shows them', async () => {
  const { source } = await bench.create(ada, { name: 'Barn', installedCapacityW: 8500 });
  const edit = await page(`/sources/${source.id}/edit`);
  expect(edit).toMatch(/name="installedCapacityW"[^>]*/);
  expect(/<input[^>]*name="installedCapacityW"[^>]*>/.exec(edit)?.[0]).toContain('value="8.5"');
  const wrong = await send(`/sources/${source.id}`, { ...form, ...place, installedCapacityW: 'zwölf', version: '1' });
  expect(wrong.status).toBe(400);
  const told = await wrong.text();
  expect(told).toContain('Installed power is a number of kilowatts');
  expect(told).toContain('value="zwölf"');
  const big = await send(`/sources/${source.id}`, { ...form, ...place, installedCapacityW: '8500', version: '1' });
  expect(await big.text()).toContain('from 0 to 1,000');
  const saved = { ...form, ...place, installedCapacityW: '9,2', inverterLimitW: '6', version: '1' };
  expect((await send(`/sources/${source.id}`, saved)).status).toBe(303);
  expect(bench.sources.directory.byId(source.id)).toMatchObject({ installedCapacityW: 9200, inverterLimitW: 6000 });
});

test('the form takes panels by line, and names the line that cannot be read', async () => {
  const { source } = await bench.create(ada, { name: 'Two roofs' });
  const typed = { ...form, ...place, panels: '30 south 5,4\r\n12 sideways 3', version: '1' };
  const wrong = await send(`/sources/${source.id}`, typed);
  expect(wrong.status).toBe(400);
  const told = await wrong.text();
  expect(told).toContain('Line 2 of the panels: second where it faces');
  expect(told).toContain('12 sideways 3');
  expect((await send(`/sources/${source.id}`, { ...typed, panels: '30 south 5,4\r\n12 west 3' })).status).toBe(303);
  const kept = [
    { tiltDeg: 30, azimuthDeg: 180, peakW: 5400, horizon: [] },
    { tiltDeg: 12, azimuthDeg: 270, peakW: 3000, horizon: [] },
  ];
  expect(bench.sources.directory.byId(source.id)?.arrays).toEqual(kept);
  expect(await page(`/sources/${source.id}/edit`)).toContain('30 south 5.4\n12 west 3');
  // A form that does not have the field leaves them.
  expect((await send(`/sources/${source.id}`, { ...form, ...place, version: '2' })).status).toBe(303);
  expect(bench.sources.directory.byId(source.id)?.arrays).toEqual(kept);
});

test('a device that was turned away is told, with what to compare', async () => {
  const at = bench.clock.now();
  turnedAway = { why: 'key', at, address: '192.168.1.7', topic: null, ageMs: null };
  const key = await page(`/sources/${id}`);
  expect(key).toMatch(/Turned away at \d\d:\d\d: wrong password/);
  expect(await page('/sources')).toMatch(/badge-alert">Turned away at \d\d:\d\d: wrong password/);
  const before = refused;
  refused = [refusedGroup('is not valid JSON')];
  const both = await page(`/sources/${id}`);
  expect(both.indexOf('Turned away')).toBeLessThan(both.indexOf('not fully understood'));
  expect(both).toContain('Turned away');
  refused = before;
  expect(key).toMatch(/At \d\d:\d\d a device from 192\.168\.1\.7 came with this user name/);
  turnedAway = { why: 'topic', at, address: null, topic: 'ampra/<i>other/telemetry', ageMs: null };
  const topic = await page(`/sources/${id}`);
  expect(topic).toContain('wrong topic');
  expect(topic).toContain('ampra/&lt;i&gt;other/telemetry');
  const post = { at, address: '192.168.1.9', topic: null, ageMs: null };
  turnedAway = { ...post, why: 'signature' };
  const signature = await page(`/sources/${id}`);
  expect(signature).toMatch(/Turned away at \d\d:\d\d: wrong signature/);
  expect(signature).toContain('a post from 192.168.1.9 to this source’s webhook was signed with another secret');
  turnedAway = { ...post, why: 'clock', ageMs: 7_200_000 };
  expect(await page(`/sources/${id}`)).toContain('was signed 2 h ago by its clock; 5 min are allowed.');
  turnedAway = { ...post, why: 'unsigned' };
  expect(await page(`/sources/${id}`)).toContain('had no signature');
  turnedAway = null;
  expect(await page(`/sources/${id}`)).not.toContain('Turned away');
});

test('what was refused leads to what can be done about it', async () => {
  refused = [refusedGroup('holds no value of the catalogue'), refusedGroup('is not valid JSON')];
  const text = await page(`/sources/${id}/refused`);
  expect(text.split(`href="/sources/${id}/mapping"`)).toHaveLength(2);
  expect(text).toContain('Say what is what');
  expect(text).toContain('Look at what the device sends');
  refused = [];
});

test('what was refused stays listed with reason, count and since when, until it is dismissed', async () => {
  refused = [refusedGroup('is not <i>JSON'), ...Array.from({ length: 24 }, (_, i) => refusedGroup(`reason ${i}`, i))];
  expect(await page('/sources')).toContain('50 messages not fully understood since yesterday');
  const text = await page(`/sources/${id}`);
  for (const part of [
    'Not stored',
    'is not &lt;i&gt;JSON',
    '2 messages since yesterday',
    'All 25 reasons',
    'x&lt;i&gt;',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('reason 2<');
  const second = await page(`/sources/${id}/refused?page=2`);
  expect(second).toContain('21 to 25 of 25');
  expect(second).toContain('reason 23');
  for (const nonsense of ['0', '-1', 'x', '99999999'])
    expect((await get(`/sources/${id}/refused?page=${nonsense}`, 'ada')).status).toBe(200);
  expect((await send(`/sources/${id}/refused/dismiss`, { reason: 'is not <i>JSON' })).status).toBe(303);
  expect((await send(`/sources/${id}/refused/dismiss`, {})).status).toBe(303);
  expect(dismissed).toEqual(['is not <i>JSON', undefined]);
  refused = [];
  expect(await page(`/sources/${id}`)).not.toContain('Not stored');
  expect(await page(`/sources/${id}/refused`)).toContain('Everything was understood');
});

test('an open page is told when its source changes', async () => {
  const { source } = await bench.create(ada, { name: 'Watched' });
  const response = await get(`/sources/${source.id}/events`, 'ada');
  const reader = response.body?.getReader();
  let text = '';
  const read = async (wanted: string) => {
    for (let i = 0; i < 50 && !text.includes(wanted); i++)
      text += new TextDecoder().decode((await reader?.read())?.value ?? new Uint8Array());
    expect(text).toContain(wanted);
  };
  await read('Waiting for its first reading');
  unwrap(bench.sources.service.setActive(ada, source.id, false));
  await read('Switched off');
  await reader?.cancel();
});

test('groups are created, edited and deleted; two editors are told apart', async () => {
  expect((await send('/groups', { name: 'Barn' })).status).toBe(303);
  const barn = bench.sources.groups.groupsOf('ada').find((group) => group.name === 'Barn');
  const path = `/groups/${barn?.id}`;
  expect((await send(path, { name: 'Barn 2', version: '1' })).status).toBe(303);
  const late = await send(path, { name: 'Barn 3', version: '1' });
  expect(late.status).toBe(412);
  expect(await late.text()).toContain('Barn 2');
  expect((await send('/groups', { name: '' })).status).toBe(400);
  expect((await send(`${path}/delete`, {})).status).toBe(303);
  expect((await get(`${path}/edit`, 'ada')).status).toBe(404);
});

test('a group takes the sources that were ticked, and lets the others go', async () => {
  const of = () => unwrap(bench.sources.directory.findFor(ada, id)).groupId;
  const html = await page('/groups/new');
  expect(html).toContain(`name="holds-${id}"`);
  expect(html).toContain('Now in “House”.');
  expect((await send('/groups', { name: 'Shed', holds: 'shown', [`holds-${id}`]: 'on' })).status).toBe(303);
  const shed = bench.sources.groups.groupsOf('ada').find((group) => group.name === 'Shed');
  expect(of()).toBe(shed?.id ?? 'none');
  // A form that did not show them says nothing about them.
  expect((await send(`/groups/${shed?.id}`, { name: 'Shed' })).status).toBe(303);
  expect(of()).toBe(shed?.id ?? 'none');
  // What was ticked stays when the form is refused.
  const refused = await send(`/groups/${shed?.id}`, { name: '', holds: 'shown' });
  expect(await refused.text()).not.toContain('checked=""');
  expect(of()).toBe(shed?.id ?? 'none');
  expect((await send(`/groups/${shed?.id}`, { name: 'Shed', holds: 'shown' })).status).toBe(303);
  expect(of()).toBeNull();
  // Nobody else's: it is not there to be ticked.
  expect(await page('/groups/new', 'bob')).not.toContain(`holds-${id}`);
  expect((await send('/groups', { name: 'Mine', holds: 'shown', [`holds-${id}`]: 'on' }, 'bob')).status).toBe(303);
  expect(of()).toBeNull();
  unwrap(await bench.sources.service.update(ada, id, { groupId }));
  expect((await send(`/groups/${shed?.id}/delete`, {})).status).toBe(303);
});

test('prices are added and removed by the page, and mistakes named', async () => {
  const price = { effectiveFrom: '2026-01-01', importPricePerKwh: '0,2846', exportPricePerKwh: '' };
  expect((await send(`/sources/${id}/prices`, price)).status).toBe(303);
  expect(await page(`/sources/${id}`)).toContain('0.2846 EUR');
  const wrong = await send(`/sources/${id}/prices`, { ...price, importPricePerKwh: 'cheap' });
  expect(wrong.status).toBe(400);
  expect(await wrong.text()).toContain('The price is not an amount');
  expect((await send(`/sources/${id}/prices/2026-01-01/delete`, {})).status).toBe(303);
  expect(bench.sources.prices.pricesOf(id)).toEqual([]);
});
