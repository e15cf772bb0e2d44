import { afterEach, describe, expect, setDefaultTimeout, test } from 'bun:test';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Viewer } from '../../accounts/viewer.ts';
import { unwrap } from '../../core/result.ts';
import { startTestApp, type TestApp, tempDir } from '../../testing/app.ts';
import { FakeComputer } from '../../testing/house-clock.ts';

setDefaultTimeout(60_000);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 8, 21, 10);
const dirs: string[] = [];

afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** An appliance on a computer whose clock the test sets. */
class House {
  readonly dataDir = tempDir();
  app!: TestApp;
  sourceId = '';

  constructor(readonly computer: FakeComputer) {
    dirs.push(this.dataDir);
  }

  async start(): Promise<void> {
    const clock = this.computer.clock(join(this.dataDir, 'clock.json'));
    this.app = await startTestApp({ dataDir: this.dataDir, clock, config: { commitWindowMs: 0 } });
    if (this.sourceId !== '') return;
    const { accounts, sources } = this.app.features;
    const email = 'o@example.org';
    const user = unwrap(await accounts.service.addUser({ email, password: 'correct horse battery', role: 'overseer' }));
    const viewer = accounts.service.viewerFor(user.id) as Viewer;
    const place = { latitude: 38.7, longitude: -9.1, timeZone: 'Europe/Lisbon' };
    const made = unwrap(await sources.service.create(viewer, { name: 'Roof', connectionType: 'mqtt', ...place }));
    this.sourceId = made.source.id;
  }

  /** A reading as it comes over MQTT; resolves when it is acknowledged. */
  async receive(solarPower: number, timestamp?: number): Promise<void> {
    const { ingest, sources } = this.app.features;
    const source = sources.directory.byId(this.sourceId);
    if (!source) throw new Error('no source');
    const payload = new TextEncoder().encode(JSON.stringify({ solarPower, ...(timestamp && { timestamp }) }));
    const topic = `ampra/${this.sourceId}/telemetry`;
    const message = { topic, payload, receivedAt: this.app.base.clock.now(), isRetained: false };
    await new Promise<void>((resolve, reject) =>
      ingest.service.receive(source, 'mqtt', message, (error) => (error ? reject(error) : resolve()), true),
    );
  }

  async stored(): Promise<[time: number, solarPower: number][]> {
    const range = { from: 0, to: Date.UTC(2040, 0, 1) };
    const { items } = await this.app.features.telemetry.reader.readings(this.sourceId, range, { limit: 1000 });
    return items.map((item) => [item.time, item.values.solarPower as number]);
  }

  async storedWhen(count: number): Promise<[number, number][]> {
    for (let i = 0; i < 500; i++) {
      const found = await this.stored();
      if (found.length >= count) return found;
      await Bun.sleep(10);
    }
    return this.stored();
  }
}

describe('while nobody knows the time', () => {
  test('readings are acknowledged, shown, and stored where they belong once it is known', async () => {
    const house = new House(new FakeComputer(30_000));
    await house.start();
    for (let i = 0; i < 5; i++) {
      await house.receive(100 + i);
      house.computer.run(MINUTE);
    }
    expect(await house.stored()).toEqual([]);
    const latest = house.app.features.telemetry.reader.latest(house.sourceId);
    expect(latest?.values.solarPower).toBe(104);
    expect(house.app.base.clock.now() - (latest?.time ?? 0)).toBe(MINUTE);
    const clock = house.app.base.clock as ReturnType<FakeComputer['clock']>;
    clock.setByOwner(NOW);
    await house.receive(200);
    const found = await house.storedWhen(6);
    expect(found).toEqual([...[0, 1, 2, 3, 4].map((i) => [NOW - (5 - i) * MINUTE, 100 + i]), [NOW, 200]] as never);
    const notes = await house.app.features.telemetry.still((snapshot) =>
      snapshot.rows('SELECT metadata FROM readings ORDER BY time_ms'),
    );
    const note = (metadata: unknown) => JSON.parse(String(metadata ?? '{}'))?.clock ?? null;
    expect(notes.map((row) => note(row.metadata))).toEqual([...Array<string>(5).fill('set later'), null]);
    // Once more, from the database and the journal.
    await house.app.stop();
    await house.start();
    expect(await house.stored()).toEqual(found);
    await house.app.stop();
  });

  test('nothing is lost when the power goes before the time is known', async () => {
    const house = new House(new FakeComputer(NOW));
    await house.start();
    await house.receive(1);
    await house.app.stop();
    house.computer.restart(30_000);
    await house.start();
    await house.receive(2);
    house.computer.run(HOUR);
    await house.receive(3);
    await house.app.stop();
    house.computer.restart(30_000);
    await house.start();
    expect((await house.stored()).map(([, power]) => power)).toEqual([1]);
    await house.receive(4);
    house.computer.run(HOUR);
    // A time server at last, six hours after the first reading.
    house.computer.set(NOW + 6 * HOUR);
    house.computer.isSynced = true;
    await house.receive(5);
    const found = await house.storedWhen(5);
    expect(found.map(([, power]) => power)).toEqual([1, 2, 3, 4, 5]);
    expect(found[0]?.[0]).toBe(NOW);
    expect(found[3]?.[0]).toBe(NOW + 5 * HOUR);
    expect(found[4]?.[0]).toBe(NOW + 6 * HOUR);
    // The start in between: before the next, after what was known.
    expect(found[1]?.[0]).toBeWithin(NOW, NOW + 4 * HOUR);
    expect((found[2]?.[0] ?? 0) - (found[1]?.[0] ?? 0)).toBe(HOUR);
    await house.app.stop();
  });

  test('what a device says itself is stored at its time, and sets the clock when the device ticks', async () => {
    const house = new House(new FakeComputer(30_000));
    await house.start();
    for (let i = 0; i < 10; i++) {
      await house.receive(i, NOW + i * 10_000);
      house.computer.run(10_000);
    }
    const found = await house.storedWhen(10);
    expect(found).toEqual(Array.from({ length: 10 }, (_, i) => [NOW + i * 10_000, i]) as never);
    expect(Math.abs(house.app.base.clock.now() - (NOW + 100_000))).toBeLessThan(11_000);
    await house.app.stop();
  });

  test('sessions, tokens and jobs of that time live on after it', async () => {
    const house = new House(new FakeComputer(30_000));
    await house.start();
    const { accounts, jobs } = house.app.features;
    const visitor = { address: '127.0.0.1', userAgent: '' };
    const typed = { email: 'o@example.org', password: 'correct horse battery' };
    const signedIn = unwrap(await accounts.service.signIn.signIn(typed, visitor));
    const cookie = signedIn.kind === 'signedIn' ? signedIn.session.cookie : '';
    const token = unwrap(accounts.service.addToken({ email: typed.email, name: 't', scope: 'read', expiresInDays: 1 }));
    const ofCookie = () =>
      accounts.resolveViewer(new Request('http://x/', { headers: { cookie: `ampra_session=${cookie}` } }), {
        ...{ isSecure: false, clientAddress: '127.0.0.1', setCookie: () => undefined },
      });
    expect(await ofCookie()).not.toBeNull();
    (house.app.base.clock as ReturnType<FakeComputer['clock']>).setByOwner(NOW);
    expect(await ofCookie()).not.toBeNull();
    expect(accounts.service.verifyToken(token, '127.0.0.1')).toBeDefined();
    for (const job of jobs.list()) expect(new Date(job.createdAt).getUTCFullYear()).toBe(2026);
    house.computer.run(31 * DAY);
    expect(accounts.service.verifyToken(token, '127.0.0.1')).toBeUndefined();
    expect(await ofCookie()).toBeNull();
    await house.app.stop();
  });
});

describe('a clock that jumps', () => {
  test('loses no reading and puts none into a wrong year', async () => {
    const house = new House(new FakeComputer(NOW));
    await house.start();
    const jumps = [5 * 365 * DAY, -5 * 365 * DAY, 3 * HOUR, -2 * DAY, -NOW, 40 * 365 * DAY];
    let expected = 0;
    const times: number[] = [];
    for (const jump of [0, ...jumps]) {
      house.computer.set(house.computer.system() + jump);
      for (let i = 0; i < 3; i++) {
        times.push(NOW + expected * MINUTE);
        await house.receive(expected++);
        house.computer.run(MINUTE);
      }
    }
    expect(await house.storedWhen(expected)).toEqual(times.map((time, i) => [time, i]) as never);
    await house.app.stop();
  });

  test('by a time server is followed, and readings go on from there', async () => {
    const house = new House(new FakeComputer(NOW));
    await house.start();
    await house.receive(0);
    house.computer.isSynced = true;
    house.computer.set(NOW + 3 * DAY);
    await house.receive(1);
    house.computer.set(NOW + 2 * DAY);
    await house.receive(2);
    const found = await house.storedWhen(3);
    expect(found).toEqual([
      [NOW, 0],
      [NOW + 2 * DAY, 2],
      [NOW + 3 * DAY, 1],
    ]);
    await house.app.stop();
  });

  test('for summer time is none: an hour that comes twice on the wall keeps its readings apart', async () => {
    // Lisbon's clocks go back at 01:00 UTC on 25 October 2026.
    const before = Date.UTC(2026, 9, 25, 0, 30);
    const house = new House(new FakeComputer(before));
    await house.start();
    for (let i = 0; i < 4; i++) {
      await house.receive(i);
      house.computer.run(30 * MINUTE);
    }
    expect(await house.storedWhen(4)).toEqual([0, 1, 2, 3].map((i) => [before + i * 30 * MINUTE, i]) as never);
    await house.app.stop();
  });
});
