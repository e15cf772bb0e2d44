import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unwrap } from '../core/result.ts';
import { png } from '../testing/images.ts';
import { ada, adam, berlin, bob, olga, SourcesBench } from '../testing/sources.ts';
import type { SourceChange } from './ports.ts';

let bench: SourcesBench;
beforeEach(async () => {
  bench = await new SourcesBench().start();
});
afterEach(() => bench.dispose());

const images = () => (existsSync(join(bench.dir, 'images')) ? readdirSync(join(bench.dir, 'images')) : []);

test('a new source has its own topic and secrets of 64 hex digits, and survives a restart', async () => {
  const { source, mqttApiKey, webhookSecret } = await bench.create(ada, {
    installedCapacityW: 5400,
    systemCost: '9000',
  });
  expect(source.mqttTopic).toBe(`ampra/${source.id}/telemetry`);
  for (const secret of [mqttApiKey, webhookSecret]) expect(secret).toMatch(/^[0-9a-f]{64}$/);
  await bench.restart();
  const { directory } = bench.sources;
  expect(directory.byId(source.id)).toEqual(source);
  expect(directory.checkApiKey(source.id, mqttApiKey)).toBe(true);
  expect(directory.webhookSecret(source.id)).toBe(webhookSecret);
});

test('a wrong key, another source’s key and an unknown source are all refused', async () => {
  const one = await bench.create();
  const two = await bench.create();
  const { directory } = bench.sources;
  expect(directory.checkApiKey(one.source.id, two.mqttApiKey)).toBe(false);
  expect(directory.checkApiKey(one.source.id, '')).toBe(false);
  expect(directory.checkApiKey(one.source.id, one.mqttApiKey.toUpperCase())).toBe(false);
  expect(directory.checkApiKey('nobody', one.mqttApiKey)).toBe(false);
  expect(directory.checkApiKey('nobody', '')).toBe(false);
});

test('a stolen database shows neither API key nor webhook secret', async () => {
  const { mqttApiKey, webhookSecret } = await bench.create();
  bench.db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const stolen = readFileSync(join(bench.dir, 'ampra.db'));
  for (const secret of [mqttApiKey, webhookSecret]) {
    expect(stolen.includes(Buffer.from(secret))).toBe(false);
    expect(stolen.includes(Buffer.from(secret, 'hex'))).toBe(false);
  }
});

test('a sealed secret moved to another row opens nothing', async () => {
  const one = await bench.create();
  const two = await bench.create();
  bench.db.exec(`UPDATE sources SET webhook_secret_sealed =
    (SELECT webhook_secret_sealed FROM sources WHERE id = '${one.source.id}') WHERE id = '${two.source.id}'`);
  await bench.restart();
  expect(bench.sources.directory.webhookSecret(two.source.id)).toBeUndefined();
  expect(bench.sources.directory.webhookSecret(one.source.id)).toBe(one.webhookSecret);
});

test('with another key file the devices still log in and webhooks are refused until the keys are rotated', async () => {
  const { source, mqttApiKey } = await bench.create();
  writeFileSync(join(bench.dir, 'secrets.key'), 'ab'.repeat(32));
  await bench.restart();
  expect(bench.sources.directory.checkApiKey(source.id, mqttApiKey)).toBe(true);
  expect(bench.sources.directory.webhookSecret(source.id)).toBeUndefined();
  const { webhookSecret } = unwrap(bench.sources.service.rotateKeys(ada, source.id));
  expect(bench.sources.directory.webhookSecret(source.id)).toBe(webhookSecret);
});

test('a damaged key file is named, and devices still log in', async () => {
  const { source, mqttApiKey } = await bench.create();
  writeFileSync(join(bench.dir, 'secrets.key'), 'oops');
  await expect(bench.restart()).rejects.toThrow('secrets.key is damaged');
  expect(bench.sources.directory.checkApiKey(source.id, mqttApiKey)).toBe(true);
});

test('rotation ends the old keys at once and tells the listeners', async () => {
  const old = await bench.create();
  const heard: SourceChange['kind'][] = [];
  bench.sources.directory.onChange(({ kind }) => heard.push(kind));
  const fresh = unwrap(bench.sources.service.rotateKeys(ada, old.source.id));
  const { directory } = bench.sources;
  expect(directory.checkApiKey(old.source.id, old.mqttApiKey)).toBe(false);
  expect(directory.checkApiKey(old.source.id, fresh.mqttApiKey)).toBe(true);
  expect(directory.webhookSecret(old.source.id)).toBe(fresh.webhookSecret);
  expect(heard).toEqual(['keyRotated']);
});

test('a deactivated source keeps its history but lets nobody in', async () => {
  const { source, mqttApiKey, webhookSecret } = await bench.create();
  const heard: SourceChange['kind'][] = [];
  bench.sources.directory.onChange(({ kind }) => heard.push(kind));
  unwrap(bench.sources.service.setActive(ada, source.id, false));
  expect(bench.sources.directory.checkApiKey(source.id, mqttApiKey)).toBe(false);
  unwrap(bench.sources.service.setActive(ada, source.id, true));
  expect(bench.sources.directory.checkApiKey(source.id, mqttApiKey)).toBe(true);
  expect(bench.sources.directory.webhookSecret(source.id)).toBe(webhookSecret);
  expect(heard).toEqual(['deactivated', 'updated']);
});

test('what is not yours is not there, for every use; an Overseer sees all, an Admin does not', async () => {
  const { source } = await bench.create(ada);
  const { service, directory, prices } = bench.sources;
  for (const stranger of [bob, adam]) {
    const answers = [
      directory.findFor(stranger, source.id),
      await service.update(stranger, source.id, { name: 'Mine' }),
      service.setActive(stranger, source.id, false),
      service.rotateKeys(stranger, source.id),
      service.remove(stranger, source.id),
      await service.icon(stranger, source.id),
      prices.list(stranger, source.id),
      prices.put(stranger, source.id, { effectiveFrom: '2026-01-01', importPricePerKwh: '1' }),
      prices.remove(stranger, source.id, '2026-01-01'),
    ];
    const unknown = directory.findFor(stranger, 'no-such-id');
    for (const answer of answers) expect(answer).toEqual(unknown as never);
    expect(directory.listFor(stranger)).toEqual([]);
  }
  expect(directory.listFor(olga)).toEqual([source]);
  expect(unwrap(await service.update(olga, source.id, { name: 'Seen' })).ownerId).toBe('ada');
});

test('of two editors the second is told and nothing of the first is lost', async () => {
  const { source } = await bench.create();
  const { service, directory } = bench.sources;
  unwrap(await service.update(ada, source.id, { name: 'First' }, { version: 1 }));
  const second = await service.update(ada, source.id, { name: 'Second' }, { version: 1 });
  expect(second).toMatchObject({ ok: false, error: { code: 'stale' } });
  expect(directory.byId(source.id)).toMatchObject({ name: 'First', version: 2 });
});

test('two edits at the same moment, one with a picture: one wins, the other is told, no file is left over', async () => {
  const { source } = await bench.create();
  const { service } = bench.sources;
  const results = await Promise.all([
    service.update(ada, source.id, {}, { version: 1, icon: png(50, 50) }),
    service.update(ada, source.id, { name: 'Quick' }, { version: 1 }),
  ]);
  expect(results.map((r) => (r.ok ? 'ok' : r.error.code)).sort()).toEqual(['ok', 'stale']);
  expect(images()).toEqual([]);
});

test('a new icon takes the place of the old one, null takes it away', async () => {
  const { source } = unwrap(await bench.sources.service.create(ada, berlin, png(50, 50)));
  const first = source.iconFile;
  const second = unwrap(await bench.sources.service.update(ada, source.id, {}, { icon: png(60, 60) })).iconFile;
  expect(second).not.toBe(first);
  expect(images()).toEqual([second as string]);
  expect(unwrap(await bench.sources.service.icon(ada, source.id))).toBeInstanceOf(Uint8Array);
  expect(unwrap(await bench.sources.service.update(ada, source.id, {}, { icon: null })).iconFile).toBeNull();
  expect(images()).toEqual([]);
});

test('a bad picture changes nothing else', async () => {
  const { source } = await bench.create();
  const result = await bench.sources.service.update(ada, source.id, { name: 'New' }, { icon: Buffer.from('<svg/>') });
  expect(result).toMatchObject({ ok: false, error: { code: 'invalid', field: 'icon' } });
  expect(bench.sources.directory.byId(source.id)?.name).toBe('Roof');
});

test('a deleted source disappears at once, and its data, icon and prices follow', async () => {
  const removed: string[] = [];
  bench.sources.deletion.onDelete(async (id) => void removed.push(id));
  const { source, mqttApiKey } = unwrap(await bench.sources.service.create(ada, berlin, png(50, 50)));
  bench.sources.prices.put(ada, source.id, { effectiveFrom: '2026-01-01', importPricePerKwh: '0.3' });
  const heard: SourceChange['kind'][] = [];
  bench.sources.directory.onChange(({ kind }) => heard.push(kind));
  unwrap(bench.sources.service.remove(ada, source.id));
  expect(bench.sources.directory.byId(source.id)).toBeUndefined();
  expect(bench.sources.directory.checkApiKey(source.id, mqttApiKey)).toBe(false);
  expect(bench.sources.prices.pricesOf(source.id)).toEqual([]);
  expect(heard).toEqual(['deleted']);
  await bench.until(() => bench.jobs.list({ state: 'succeeded' }).length === 1);
  expect(removed).toEqual([source.id]);
  expect(images()).toEqual([]);
  for (const table of ['sources', 'source_prices']) expect(bench.db.query(`SELECT * FROM ${table}`).all()).toEqual([]);
});

test('a deletion that a crash interrupted is finished after the restart, and the source stays invisible', async () => {
  await bench.jobs.stop();
  const { source } = unwrap(await bench.sources.service.create(ada, berlin, png(50, 50)));
  unwrap(bench.sources.service.remove(ada, source.id));
  const removed: string[] = [];
  const prepare = (sources: typeof bench.sources) => sources.deletion.onDelete(async (id) => void removed.push(id));
  await bench.restart({ runsJobs: false, prepare });
  expect(bench.sources.directory.all()).toEqual([]);
  expect(images()).toEqual([source.iconFile as string]);
  await bench.jobs.start();
  await bench.until(() => bench.db.query('SELECT * FROM sources').all().length === 0);
  expect(removed).toEqual([source.id]);
  expect(images()).toEqual([]);
});

test('a removal that fails is tried again', async () => {
  let tries = 0;
  bench.sources.deletion.onDelete(async () => {
    tries += 1;
    if (tries === 1) throw new Error('disk full');
  });
  const { source } = await bench.create();
  unwrap(bench.sources.service.remove(ada, source.id));
  await bench.until(() => tries === 1);
  bench.clock.advance(60_000);
  await bench.restart({ prepare: (sources) => sources.deletion.onDelete(async () => void tries++) });
  await bench.until(() => bench.db.query('SELECT * FROM sources').all().length === 0);
  expect(tries).toBeGreaterThan(1);
});

test('deleting a person removes their sources, groups and pictures, and leaves everybody else’s', async () => {
  const group = unwrap(await bench.sources.groups.create(ada, { name: 'House' }, png(30, 30)));
  await bench.create(ada, { groupId: group.id });
  const already = await bench.create(ada);
  const others = await bench.create(bob);
  const removed: string[] = [];
  bench.sources.deletion.onDelete(async (id) => void removed.push(id));
  await bench.jobs.stop();
  unwrap(bench.sources.service.remove(ada, already.source.id));
  await bench.sources.removeAllOf('ada');
  expect(removed).toHaveLength(2);
  expect(bench.sources.directory.all()).toEqual([others.source]);
  bench.db.exec("DELETE FROM users WHERE id = 'ada'");
  expect(images()).toEqual([]);
});

test('deleting a group leaves its sources standing alone, also after a restart', async () => {
  const group = unwrap(await bench.sources.groups.create(ada, { name: 'House' }, png(30, 30)));
  const { source } = await bench.create(ada, { groupId: group.id });
  unwrap(await bench.sources.groups.remove(ada, group.id));
  const after = bench.sources.directory.byId(source.id);
  expect(after).toMatchObject({ groupId: null, version: 2 });
  await bench.restart();
  expect(bench.sources.directory.byId(source.id)).toEqual(after);
  expect(images()).toEqual([]);
});

test('a source may stand only in a group of its owner, and the answer does not tell whether another’s exists', async () => {
  const group = unwrap(await bench.sources.groups.create(bob, { name: 'Bob’s' }));
  const foreign = await bench.sources.service.create(ada, { ...berlin, groupId: group.id });
  const unknown = await bench.sources.service.create(ada, { ...berlin, groupId: 'nothing' });
  expect(foreign).toMatchObject({ ok: false, error: { code: 'invalid', field: 'groupId' } });
  expect(foreign).toEqual(unknown);
});

test('a group of somebody else is not there', async () => {
  const group = unwrap(await bench.sources.groups.create(ada, { name: 'House' }));
  const { groups } = bench.sources;
  const unknown = groups.findGroupFor(bob, 'nothing');
  for (const answer of [
    groups.findGroupFor(bob, group.id),
    await groups.update(bob, group.id, { name: 'Mine' }),
    await groups.remove(bob, group.id),
    await groups.logo(bob, group.id),
  ])
    expect(answer).toEqual(unknown as never);
  expect(groups.listGroupsFor(bob)).toEqual([]);
  expect(unwrap(await groups.update(olga, group.id, { name: 'Seen' }, { version: 1 })).name).toBe('Seen');
  expect(await groups.update(ada, group.id, { name: 'Late' }, { version: 1 })).toMatchObject({
    error: { code: 'stale' },
  });
});

test('prices are kept by their first day, ascending, the last one of a day wins', async () => {
  const { source } = await bench.create();
  const { prices } = bench.sources;
  unwrap(prices.put(ada, source.id, { effectiveFrom: '2026-07-01', importPricePerKwh: '0.3' }));
  unwrap(
    prices.put(ada, source.id, { effectiveFrom: '2026-01-01', importPricePerKwh: '0.25', exportPricePerKwh: 0.08 }),
  );
  unwrap(prices.put(ada, source.id, { effectiveFrom: '2026-07-01', importPricePerKwh: '0.31' }));
  await bench.restart();
  const kept = bench.sources.prices.pricesOf(source.id).map((p) => [p.effectiveFrom, p.importMicrosPerKwh]);
  expect(kept).toEqual([
    ['2026-01-01', 250_000],
    ['2026-07-01', 310_000],
  ]);
  unwrap(bench.sources.prices.remove(ada, source.id, '2026-07-01'));
  expect(bench.sources.prices.remove(ada, source.id, '2026-07-01').ok).toBe(false);
});
