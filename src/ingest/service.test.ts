import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { IngestBench, makeSource } from '../testing/ingest.ts';

let bench: IngestBench;
beforeEach(async () => {
  bench = await IngestBench.started();
});
afterEach(() => bench.dispose());

const receive: IngestBench['receive'] = (payload, options) => bench.receive(payload, options);

const problems = async () => (await bench.ingest.recent.newestOf('s1', 50)).map((m) => m.problem);

describe('what is received', () => {
  test('reaches telemetry once it is in the journal, with its position', async () => {
    expect(await receive({ solarPower: 5, extra: 'x' })).toEqual({ accepted: 1, rejected: [] });
    expect(bench.sink.readings).toEqual([
      { sourceId: 's1', time: bench.clock.now(), values: { solarPower: 5 }, metadata: { extra: 'x' }, position: 1 },
    ]);
  });

  test('keeps any time since 2010, and takes that of arrival where there is none', async () => {
    const now = bench.clock.now();
    const old = Date.UTC(2010, 0, 1);
    await receive([{ solarPower: 1, timestamp: old }, { solarPower: 2, timestamp: now + 300_000 }, { solarPower: 3 }]);
    expect(bench.sink.readings.map((r) => r.time)).toEqual([old, now + 300_000, now]);
  });

  test('says when it arrived where the device gave the time itself, and what was refused', async () => {
    const now = bench.clock.now();
    await receive([
      { solarPower: 1, timestamp: now - 60_000 },
      { solarPower: 2, stateOfCharge: 200 },
    ]);
    expect(bench.sink.readings.map((r) => r.receivedAt)).toEqual([now, undefined]);
    const refused = [{ index: 1, field: 'stateOfCharge', message: 'must lie between 0 and 100 %' }];
    expect(bench.sink.refused).toEqual([{ sourceId: 's1', receivedAt: now, values: refused }]);
    await receive({ stateOfCharge: -1 }, { channel: 'webhook' });
    expect(bench.sink.refused).toHaveLength(2);
  });

  test('of more than five minutes in the future, or before 2010, goes to quarantine with the reason', async () => {
    const timestamp = bench.clock.now() + 300_001;
    const outcome = await receive([
      { solarPower: 1, timestamp },
      { solarPower: 2, timestamp: '2009-12-31T23:59:59Z' },
      { solarPower: 3 },
    ]);
    expect(outcome.accepted).toBe(1);
    expect(outcome.rejected.map((r) => [r.index, r.field])).toEqual([
      [0, 'timestamp'],
      [1, 'timestamp'],
    ]);
    const [kept] = bench.ingest.quarantine.newestOf('s1', 5);
    expect(kept?.reason).toBe('timestamp is more than 5 minutes in the future; timestamp must not be before 2010');
  });

  test('is durable and in quarantine when nobody understands it', async () => {
    expect((await receive('23.5', { topic: 'my/sensor' })).accepted).toBe(0);
    expect((await receive('not json')).accepted).toBe(0);
    expect(await problems()).toEqual(['is not valid JSON', 'no known device writes like this']);
    const found: string[] = [];
    await bench.ingest.journal.replay(0, (r) => found.push(new TextDecoder().decode(r.payload)));
    expect(found).toEqual(['23.5', 'not json']);
  });

  test('from a source that is switched off is refused', async () => {
    bench.sources.set('off', makeSource('off', { isActive: false }));
    expect(receive({ solarPower: 1 }, { id: 'off' })).rejects.toThrow('switched off');
  });

  test('and is empty stores nothing, is not written to the journal, and is shown as refused', async () => {
    expect(await receive('')).toEqual({ accepted: 0, rejected: [] });
    expect(await problems()).toEqual(['the message is empty']);
    expect(await bench.ingest.journal.newestOf('s1', 5)).toEqual([]);
    expect(bench.ingest.quarantine.summaryOf('s1')).toMatchObject({ count: 1 });
  });

  test('says of a message that was stored in part what was kept, and where what was not stood', async () => {
    await receive([{ solarPower: 1 }, { solarPower: 2, stateOfCharge: 'x' }, { solarPower: 3, timestamp: 0 }]);
    const outcome = {
      kept: 2,
      keptFields: ['solarPower'],
      isList: true,
      refused: [
        { index: 1, field: 'stateOfCharge', message: 'must be a number' },
        { index: 2, field: 'timestamp', message: 'must not be before 2010' },
      ],
      refusedInAll: 2,
    };
    expect((await bench.ingest.recent.newestOf('s1', 1))[0]?.outcome).toEqual(outcome);
    const { groups } = bench.ingest.quarantine.groupsOf('s1', { offset: 0, limit: 9 });
    expect(groups[0]?.example.outcome).toEqual(outcome);
  });

  test('is acknowledged although telemetry is broken, and comes back at the next start', async () => {
    bench.sink.isBroken = true;
    expect((await receive({ solarPower: 1 })).accepted).toBe(1);
    await bench.restart();
    expect(bench.sink.readings.map((r) => r.values)).toEqual([{ solarPower: 1 }]);
  });

  test('is replayed after a restart from where the database ends, with the time of its arrival', async () => {
    const at = bench.clock.now();
    for (let i = 1; i <= 5; i++) await receive({ solarPower: i });
    bench.clock.advance(60_000);
    await bench.restart(3);
    expect(bench.sink.readings.map((r) => [r.position, r.values.solarPower, r.time])).toEqual([
      [4, 4, at],
      [5, 5, at],
    ]);
    await receive({ solarPower: 6 });
    expect(bench.sink.readings.at(-1)?.position).toBe(6);
  });

  test('keeps its order when it arrives during a replay: nothing is skipped, nothing is lost', async () => {
    for (let i = 1; i <= 50; i++) await receive({ solarPower: i });
    await bench.restart(50);
    bench.sink.flushed = 0;
    const replayed = bench.ingest.service.replay();
    for (let i = 51; i <= 60; i++) await receive({ solarPower: i });
    await replayed;
    await receive({ solarPower: 61 });
    const positions = bench.sink.readings.map((r) => r.position);
    expect(new Set(positions).size).toBe(61);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  });

  test('waits for its answer while the database has no room', async () => {
    bench.sink.isFull = true;
    expect(await receive({ solarPower: 1 })).toEqual({ accepted: 1, rejected: [] });
    expect(bench.sink.isFull).toBe(false);
    expect(bench.sink.readings.map((r) => r.values)).toEqual([{ solarPower: 1 }]);
  });

  test('is refused while the database does not write, and taken again afterwards', async () => {
    const { flush } = bench.sink;
    bench.sink.flush = () => Promise.reject(new Error('the disk is full'));
    bench.sink.isFull = true;
    await receive({ solarPower: 1 });
    expect(receive({ solarPower: 2 })).rejects.toThrow('does not keep up');
    bench.sink.flush = flush;
    bench.sink.isFull = false;
    expect((await receive({ solarPower: 3 })).accepted).toBe(1);
  });

  test('of a deleted source is gone from journal and quarantine', async () => {
    await receive({ solarPower: 1 });
    await receive('junk');
    for (const remove of bench.deletions) await remove('s1');
    expect(await bench.ingest.recent.newestOf('s1', 5)).toEqual([]);
    await bench.restart();
    expect(bench.sink.readings).toEqual([]);
  });
});

describe('a device that announced itself', () => {
  const config = JSON.stringify({
    name: 'PV power',
    state_topic: 'my/pv',
    unit_of_measurement: 'W',
    device_class: 'power',
    unique_id: 'pv',
  });
  const values = () => bench.sink.readings.map((r) => r.values);

  test('is known again after a restart, until it takes its announcement back', async () => {
    await receive(config, { topic: 'homeassistant/sensor/x/pv/config' });
    await receive('12', { topic: 'my/pv' });
    expect(values()).toEqual([{ solarPower: 12 }]);
    await bench.restart(2);
    await receive('13', { topic: 'my/pv' });
    expect(values()).toEqual([{ solarPower: 13 }]);
    await receive('', { topic: 'homeassistant/sensor/x/pv/config' });
    await bench.restart(3);
    await receive('14', { topic: 'my/pv' });
    expect(values()).toEqual([]);
  });

  test('is forgotten with its source', async () => {
    await receive(config, { topic: 'homeassistant/sensor/x/pv/config' });
    for (const remove of bench.deletions) await remove('s1');
    await bench.restart(2);
    await receive('13', { topic: 'my/pv' });
    expect(values()).toEqual([]);
  });

  test('is looked at again without harm to what is known now', async () => {
    await receive(config, { topic: 'homeassistant/sensor/x/pv/config' });
    await receive(config.replace('"W"', '"kW"'), { topic: 'homeassistant/sensor/x/pv/config' });
    await receive('2', { topic: 'my/pv' });
    expect(await problems()).toEqual([undefined, undefined, undefined]);
    await receive('3', { topic: 'my/pv' });
    expect(values()).toEqual([{ solarPower: 2000 }, { solarPower: 3000 }]);
    await bench.restart(4);
    await receive('4', { topic: 'my/pv' });
    expect(values()).toEqual([{ solarPower: 4000 }]);
  });
});

describe('the newest messages of a source', () => {
  test('are shown as received, newest first, with what was wrong', async () => {
    await receive({ solarPower: 1 });
    bench.clock.advance(1000);
    await receive({ solarPower: 'x', gridPower: 2 });
    bench.clock.advance(1000);
    await receive('nonsense', { channel: 'webhook', topic: 'hooks/s1' });
    const shown = await bench.ingest.recent.newestOf('s1', 10);
    expect(shown.map((m) => [m.channel, new TextDecoder().decode(m.payload), m.problem])).toEqual([
      ['webhook', 'nonsense', 'is not valid JSON'],
      ['mqtt', '{"solarPower":"x","gridPower":2}', 'solarPower must be a number'],
      ['mqtt', '{"solarPower":1}', undefined],
    ]);
    expect(await bench.ingest.recent.newestOf('s1', 1)).toHaveLength(1);
    expect(await bench.ingest.recent.newestOf('other', 1)).toEqual([]);
  });
});
