import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import type { Viewer } from '../../accounts/viewer.ts';
import { days } from '../../core/durations.ts';
import { silentLog } from '../../platform/log.ts';
import { IngestBench, makeSource } from '../../testing/ingest.ts';
import { FileJournal } from '../journal/journal.fs.ts';
import { journalDirectory } from '../journal/journal-disk.fs.ts';

const overseer: Viewer = {
  ...{ userId: 'ada', role: 'overseer', name: 'Ada', email: 'a@example.org', temperatureUnit: 'celsius' },
  via: { kind: 'session', sessionId: 's' },
};
const user: Viewer = { ...overseer, userId: 'ben', role: 'user' };

let bench: IngestBench;
beforeEach(async () => {
  bench = new IngestBench();
  await bench.ingest.start?.();
});
afterEach(() => bench.dispose());

const send = (topic: string, payload: string, options: { isRetained?: boolean } = {}) =>
  new Promise<Error | null>((resolve) =>
    bench.ingest.inbox.receive(
      {
        topic,
        payload: new TextEncoder().encode(payload),
        receivedAt: bench.clock.now(),
        isRetained: options.isRetained ?? false,
      },
      resolve,
    ),
  );
const heard = () => bench.ingest.inbox.devices(bench.clock.now() - days(1));

describe('the inbox of open access', () => {
  test('groups what a device sends and says how it recognised it', async () => {
    await send('solar_assistant/inverter_1/pv_power/state', '1840');
    await send('solar_assistant/total/battery_state_of_charge/state', '76');
    await send('tele/washer/SENSOR', '{"Time":"2026-06-21T10:00:00","ENERGY":{"Power":140,"Today":1.2}}');
    const devices = heard();
    expect(devices.map((d) => [d.filter, d.dialect, d.name]).sort()).toEqual([
      ['+/washer/#', 'tasmota', 'Washer'],
      ['solar_assistant/#', 'solar-assistant', 'Solar assistant'],
    ]);
    const assistant = devices.find((d) => d.dialect === 'solar-assistant');
    expect(assistant?.values).toMatchObject({ solarPower: 1840, stateOfCharge: 76 });
    expect(assistant?.recognition?.reason.length).toBeGreaterThan(5);
    expect(assistant).toMatchObject({ role: 'system', messages: 2, topics: 2 });
  });

  test('does not add up what different devices measure', async () => {
    await send('tele/washer/SENSOR', '{"ENERGY":{"Power":842,"Total":12.5}}');
    await send('tele/dryer/SENSOR', '{"ENERGY":{"Power":1200,"Total":30}}');
    await send('zigbee2mqtt/kettle', '{"power":12,"energy":3.25,"voltage":230}');
    await send('solar_assistant/inverter_1/load_power/state', '620');
    expect(Object.fromEntries(heard().map(({ name, values }) => [name, values.loadPower]))).toEqual({
      ...{ Washer: 842, Dryer: 1200, Kettle: 12, 'Solar assistant': 620 },
    });
    expect(heard().find(({ name }) => name === 'Kettle')?.values.totalEnergyConsumed).toBe(3.25);
  });

  test('keeps numbers that nobody knows, with the reason, and only passes on words', async () => {
    await send('garden/box/power', '210');
    await send('garden/box/state', 'hello');
    await send('chat/room', '{"text":"no number here"}');
    expect(heard()).toMatchObject([
      { filter: 'garden/box/#', dialect: null, messages: 1, problems: ['no known device writes like this'] },
    ]);
  });

  test('keeps a number with its unit behind it, whatever its topic', async () => {
    await send('shed/box/a', '12 W');
    await send('chat/room', '12 monkeys');
    expect(heard()).toMatchObject([{ filter: 'shed/box/#', dialect: null, messages: 1, sample: { text: '12 W' } }]);
  });

  test('acknowledges only what is on disk, and knows it again after a start', async () => {
    await send('solar_assistant/inverter_1/pv_power/state', '1840');
    await bench.restart();
    expect(heard()).toMatchObject([{ filter: 'solar_assistant/#', values: { solarPower: 1840 } }]);
  });

  test('a claim brings what was kept to the source at its own time, and what comes later at once', async () => {
    bench.sources.set('s1', makeSource('s1'));
    const before = bench.clock.now();
    await send('solar_assistant/inverter_1/pv_power/state', '1840');
    bench.clock.advance(60_000);
    await send('solar_assistant/inverter_1/pv_power/state', '1900');
    await send('other/plug/power', '5');
    expect(bench.ingest.inbox.sourceOf('solar_assistant/x')).toBeUndefined();
    const claimed = bench.ingest.claims.claim(overseer, 'solar_assistant/#', 's1');
    expect(claimed.ok).toBe(true);
    await bench.ingest.claims.settled();
    expect(bench.sink.readings.map((r) => [r.sourceId, r.time, r.values.solarPower])).toEqual([
      ['s1', before, 1840],
      ['s1', before + 60_000, 1900],
    ]);
    expect(bench.ingest.inbox.sourceOf('solar_assistant/x')?.id).toBe('s1');
    expect(heard().map((d) => d.filter)).toEqual(['other/plug/#']);
  });

  test('a claim that was not finished goes on after a start', async () => {
    bench.sources.set('s1', makeSource('s1'));
    await send('solar_assistant/inverter_1/pv_power/state', '1840');
    bench.db
      .query(
        "INSERT INTO claims (topic_filter, source_id, created_at_ms, is_replayed) VALUES ('solar_assistant/#', 's1', 1, 0)",
      )
      .run();
    await bench.restart();
    await bench.ingest.claims.settled();
    expect(bench.sink.readings.map((r) => r.values.solarPower)).toEqual([1840]);
    await bench.restart(1);
    await bench.ingest.claims.settled();
    expect(bench.sink.readings).toEqual([]);
  });

  test('the narrower of two claims is meant', async () => {
    bench.sources.set('all', makeSource('all'));
    bench.sources.set('one', makeSource('one'));
    bench.ingest.claims.claim(overseer, 'zigbee2mqtt/#', 'all');
    bench.ingest.claims.claim(overseer, 'zigbee2mqtt/fridge/#', 'one');
    await bench.ingest.claims.settled();
    expect(bench.ingest.inbox.sourceOf('zigbee2mqtt/fridge')?.id).toBe('one');
    expect(bench.ingest.inbox.sourceOf('zigbee2mqtt/oven')?.id).toBe('all');
  });

  test('is claimed by an Overseer only, for a source that is there, with topics that mean something', async () => {
    bench.sources.set('s1', makeSource('s1', { ownerId: 'ben' }));
    const { claims } = bench.ingest;
    expect(claims.claim(user, 'solar/#', 's1')).toMatchObject({ ok: false, error: { code: 'forbidden' } });
    expect(claims.claim({ ...user, role: 'admin' }, 'solar/#', 's1')).toMatchObject({ error: { code: 'forbidden' } });
    expect(claims.claim(overseer, 'solar/#', 'gone')).toMatchObject({ error: { code: 'not_found' } });
    for (const filter of ['#', '+/+', '', 'ampra/x/#', 'a/#/b', '$SYS/#', 'a+/b'])
      expect(claims.claim(overseer, filter, 's1')).toMatchObject({ error: { code: 'invalid', field: 'filter' } });
    expect(claims.claim(overseer, 'solar/#', 's1').ok).toBe(true);
  });

  test('a deleted source gives its topics back', async () => {
    bench.sources.set('s1', makeSource('s1'));
    bench.ingest.claims.claim(overseer, 'solar/#', 's1');
    await bench.ingest.claims.settled();
    for (const remove of bench.deletions) await remove('s1');
    expect(bench.ingest.inbox.sourceOf('solar/ac/power')).toBeUndefined();
    expect(bench.ingest.claims.all()).toEqual([]);
  });

  test('an announced device is known by its announcement, also to the source that claims it', async () => {
    bench.sources.set('s1', makeSource('s1'));
    const config = {
      ...{ name: 'PV power', unique_id: 'box_pv', state_topic: 'box7/state', device_class: 'power' },
      ...{ unit_of_measurement: 'W', value_template: '{{ value_json.pv }}', device: { identifiers: ['box7'] } },
    };
    await send('homeassistant/sensor/box7/pv/config', JSON.stringify(config), { isRetained: true });
    await send('box7/state', '{"pv": 700}');
    expect(heard()).toMatchObject([{ filter: 'box7/#', dialect: 'home-assistant', values: { solarPower: 700 } }]);
    bench.ingest.claims.claim(overseer, 'box7/#', 's1');
    await bench.ingest.claims.settled();
    expect(bench.sink.readings.map((r) => r.values)).toEqual([{ solarPower: 700 }]);
  });

  test('is bounded: the oldest messages give way', async () => {
    const disk = journalDirectory(join(bench.dir, 'small'));
    const options = { disk, clock: bench.clock, log: silentLog, windowMs: 0, retentionMs: days(7), segmentBytes: 8192 };
    const journal = new FileJournal({ ...options, flushedPosition: () => Number.MAX_SAFE_INTEGER });
    await journal.open();
    for (let i = 0; i < 40; i++) {
      const record = { receivedAt: i, channel: 'mqtt' as const, sourceId: null, topic: 't', isRetained: false };
      journal.append({ ...record, payload: crypto.getRandomValues(new Uint8Array(3000)) }, () => {});
      await journal.commit();
    }
    await journal.shrink({ bytes: 40_000, records: 1000 });
    expect(journal.statistics().bytes).toBeLessThanOrEqual(40_000);
    await journal.shrink({ bytes: 40_000, records: 4 });
    const kept: number[] = [];
    await journal.replay(0, (record) => kept.push(record.receivedAt));
    expect(kept.length).toBeLessThanOrEqual(5);
    expect(kept.at(-1)).toBe(39);
    await journal.close();
  });

  test('is bounded in age: a device of last week is heard no more, and its messages go', async () => {
    await send('old/power', '120');
    await send('old/voltage', '231');
    expect(heard()).toHaveLength(1);
    bench.clock.advance(days(7) + 1);
    await bench.restart();
    expect(heard()).toEqual([]);
    await send('new/power', '120');
    await bench.restart();
    expect(heard().map(({ filter }) => filter)).toEqual(['new/#']);
  });

  test('keeps nothing beyond its rate, so that nobody wears out the disk; it is passed on all the same', async () => {
    const answers = await Promise.all(Array.from({ length: 5200 }, (_, i) => send(`flood/${i % 7}/power`, String(i))));
    expect(answers.filter((error) => error !== null)).toEqual([]);
    await bench.restart();
    expect(heard().reduce((sum, d) => sum + d.messages, 0)).toBe(5000);
  });
});
