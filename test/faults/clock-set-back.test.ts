import { beforeEach, describe, expect, test } from 'bun:test';
import { relationalMigrations } from '../../migrations/relational/index.ts';
import { days, hasPassed, hours, minutes, seconds } from '../../src/core/durations.ts';
import { unwrap } from '../../src/core/result.ts';
import { ForecastSchedule } from '../../src/forecast/schedule-service.ts';
import type { Connection } from '../../src/ingest/connections/connection.ts';
import { ConnectionKeeper, usualTiming } from '../../src/ingest/connections/keeper-service.ts';
import type { LinkEvents, LinkTarget } from '../../src/ingest/connections/ports.ts';
import { QuietValues } from '../../src/ingest/connections/quiet-values.ts';
import { Inbox } from '../../src/ingest/inbox/inbox-service.ts';
import { TurnedAwayMemory } from '../../src/ingest/inbox/turned-away-service.ts';
import { Interpreter } from '../../src/ingest/interpreter-service.ts';
import { Ingest } from '../../src/ingest/service.ts';
import { JobTable } from '../../src/platform/jobs.sqlite.ts';
import { JobRunner } from '../../src/platform/jobs.ts';
import { createLog, MemoryLogSink, silentLog } from '../../src/platform/log.ts';
import { migrateSqlite } from '../../src/platform/migrate.ts';
import { openSqlite } from '../../src/platform/sqlite.ts';
import { QualityWatch } from '../../src/telemetry/quality/quality-service.ts';
import { RollupQueue } from '../../src/telemetry/writing/rollup-queue.ts';
import { WritingService } from '../../src/telemetry/writing/writing-service.ts';
import { accountsWorld, goodPassword, visitor } from '../../src/testing/accounts.ts';
import { FakeClock } from '../../src/testing/app.ts';
import { makeSource } from '../../src/testing/ingest.ts';
import { dueAt } from '../../src/weather/refresh-rules.ts';

/** A clock that was a year ahead is set right: nothing that counts by it may wait for a year. */
const YEAR = days(365);

let clock: FakeClock;
let lines: MemoryLogSink;
const log = () => createLog({ level: 'info', sinks: [lines] });
beforeEach(() => {
  clock = new FakeClock();
  lines = new MemoryLogSink();
});
const setBack = () => clock.advance(-YEAR);

test('a while has passed also when the clock was set back to before its beginning', () => {
  expect(hasPassed(1000, 50, 1049)).toBe(false);
  expect(hasPassed(1000, 50, 1050)).toBe(true);
  expect(hasPassed(1000, 50, 999)).toBe(true);
  expect(hasPassed(Number.NEGATIVE_INFINITY, 50, 0)).toBe(true);
});

describe('what is said now and then is said again', () => {
  test('that telemetry does not take readings', () => {
    const sink = {
      isSaturated: () => false,
      add: () => {
        throw new Error('broken');
      },
    };
    const journal = { append: (_: unknown, done: (error: null, position: number) => void) => done(null, 1) };
    const announcements = { all: () => [], save: () => undefined, forget: () => undefined };
    const interpreter = new Interpreter({ sources: { byId: () => undefined }, announcements, clock });
    const deps = { journal, sink, interpreter, quarantine: { add: () => undefined }, clock, log: log() };
    const ingest = new Ingest(deps as never);
    const receive = () => {
      const payload = new TextEncoder().encode('{"solarPower":1}');
      const message = { topic: 'ampra/s1/telemetry', payload, receivedAt: clock.now(), isRetained: false };
      ingest.receive(makeSource('s1'), 'mqtt', message, () => undefined);
    };
    receive();
    setBack();
    receive();
    expect(lines.newest()).toHaveLength(2);
  });

  test('that devices without a login send more than is kept', () => {
    const journal = { append: () => undefined, shrink: async () => undefined };
    const sources = { byId: () => undefined };
    const inbox = new Inbox({ journal, sources, clock, log: log(), onChange: () => undefined } as never);
    const flood = () => {
      for (let i = 0; i < 30_000; i++)
        inbox.receive(
          { topic: `dev/${i % 5}/power`, payload: Buffer.from('12'), receivedAt: clock.now(), isRetained: false },
          () => undefined,
        );
    };
    flood();
    setBack();
    flood();
    expect(lines.newest()).toHaveLength(2);
  });

  test('that a device was turned away', () => {
    const memory = new TurnedAwayMemory(clock);
    let told = 0;
    memory.onChange(() => told++);
    memory.wrongKey('s1', '10.0.0.9');
    setBack();
    expect(memory.noteOf('s1')).toBeNull();
    memory.wrongKey('s1', '10.0.0.9');
    expect([told, memory.noteOf('s1')?.at]).toEqual([2, clock.now()]);
  });
});

describe('what is done now and then is done again', () => {
  test('counts of the quality are stored', async () => {
    let saves = 0;
    const watch = new QualityWatch({ timeZoneOf: () => 'UTC', save: async () => void saves++ });
    const count = () => watch.refused('s1', clock.now(), [{ index: 0, field: '', message: 'no' }]);
    await watch.saveIfDue(clock.now());
    setBack();
    count();
    await watch.saveIfDue(clock.now());
    expect(saves).toBe(1);
  });

  test('forecasts are made, and it is looked what sources measure', async () => {
    const made: number[] = [];
    let looks = 0;
    const subject = { sourceId: 's1', quantity: 'solar' as const };
    const schedule = new ForecastSchedule({
      subjects: { hasUnknown: () => false, refresh: async () => void looks++, all: () => [subject] },
      issuing: { issueNow: async (due: unknown[]) => void made.push(due.length) },
      training: { lookForNew: () => undefined },
      ...{ clock, log: silentLog, isAutomatic: () => true },
    } as never);
    await schedule.tick();
    await schedule.tick();
    setBack();
    await schedule.tick();
    expect([made, looks]).toEqual([[1, 1], 2]);
  });

  test('weather is asked for, also after a failure', () => {
    const now = clock.now();
    const place = { latitudeCdeg: 4700, longitudeCdeg: 800, fetchedAt: now, triedAt: now, nextTryAt: now + hours(1) };
    expect(dueAt({ ...place, nextTryAt: null }, now - YEAR)).toBeLessThan(now - YEAR);
    expect(dueAt(place, now - YEAR)).toBeLessThan(now - YEAR);
    expect(dueAt(place, now)).toBe(now + hours(1));
  });

  test('values that Venus OS keeps to itself are asked for', () => {
    const values = new QuietValues(60);
    values.heard('soc', true, 100_000);
    expect(values.quiet(1000)).toEqual([]);
    expect(values.quiet(1060)).toEqual(['soc']);
  });

  test('rollups that failed are made', () => {
    const queue = new RollupQueue();
    queue.add('s1');
    queue.failed('s1', 'no space', clock.now());
    expect(queue.due(clock.now())).toEqual([]);
    setBack();
    expect(queue.due(clock.now())).toEqual(['s1']);
  });

  test('readings that the disk refused are written', async () => {
    let isFull = true;
    let writes = 0;
    const states = {
      ...{ waitingCount: () => 1, unwrittenCount: () => 1, unwrittenOf: () => [] },
      takeBatch: () => new Map([['s1', [{ time: 1 }]]]),
      ...{ putBack: () => undefined, written: () => undefined },
    };
    const store = {
      ...{ flushedPosition: () => 0, find: () => undefined, rollUp: async () => true },
      write: async () => {
        writes++;
        if (isFull) throw new Error('no space left on device');
        return new Map();
      },
    };
    const watch = { cameAgain: () => undefined, saveIfDue: async () => undefined };
    const writing = new WritingService({ store, states, watch, news: {}, clock, log: silentLog } as never, {});
    await writing.flush().catch(() => undefined);
    writing.flushSoon('rows only');
    await Bun.sleep(5);
    expect(writes).toBe(1);
    isFull = false;
    setBack();
    writing.flushSoon('rows only');
    await Bun.sleep(5);
    expect(writes).toBe(2);
  });
});

describe('a connection to another broker', () => {
  const connection = { id: 'c1', isOn: true, host: 'venus', port: 1883, kind: 'victron', topicFilters: [] };
  const lineUp = (timing = {}) => {
    const targets: LinkTarget[] = [];
    const events: LinkEvents[] = [];
    const link = {
      subscribe: async () => [],
      unsubscribe: () => undefined,
      publish: () => undefined,
      end: () => undefined,
    };
    const keeper = new ConnectionKeeper(connection as unknown as Connection, ['0123456789ab'], {
      links: {
        open(target: LinkTarget, told: LinkEvents) {
          targets.push(target);
          events.push(told);
          return link;
        },
      },
      ...{ clock, log: silentLog, timing: { ...usualTiming, ...timing } },
      source: () => makeSource('s1'),
      target: () => ({ host: 'venus' }) as LinkTarget,
      ...{ onLearned: () => undefined, onChange: () => undefined, ingest: {} as never },
    });
    keeper.start();
    return { keeper, targets, events };
  };

  test('does not go on with what the broker kept over a gap of unknown length', async () => {
    const { keeper, targets, events } = lineUp({ firstRetryMs: 1 });
    events[0]?.onUp();
    events[0]?.onDown({ code: 'ended' });
    setBack();
    for (let i = 0; i < 100 && targets.length < 2; i++) await Bun.sleep(5);
    expect(targets.map(({ resumes }) => resumes)).toEqual([false, false]);
    keeper.stop();
  });

  test('notices a device that went silent', async () => {
    const { keeper, events } = lineUp({ silenceMs: 60 });
    events[0]?.onUp();
    setBack();
    await Bun.sleep(80);
    expect(keeper.state.phase).toBe('connected');
    clock.advance(seconds(100));
    await Bun.sleep(80);
    expect(keeper.state.phase).toBe('broken');
    keeper.stop();
  });
});

describe('jobs', () => {
  const until = async (isSo: () => boolean) => {
    for (let i = 0; i < 400 && !isSo(); i++) await Bun.sleep(5);
    expect(isSo()).toBe(true);
  };
  test('that failed or were for a little later do not wait, nor keep others of their kind from the queue', async () => {
    const db = openSqlite(':memory:');
    migrateSqlite(db, relationalMigrations, () => clock.now());
    const runner = new JobRunner({ table: new JobTable(db), clock, log: silentLog, backOffMs: minutes(30) });
    let isWell = false;
    const run = async () => {
      if (!isWell) throw new Error('not now');
    };
    runner.define({ kind: 'fails', title: 'Fails', run, maxAttempts: 5 });
    runner.define({ kind: 'later', title: 'Later', run: async () => undefined });
    await runner.start();
    const failed = runner.enqueue('fails', { dedupeKey: 'cron:fails' });
    const later = runner.enqueue('later', { runAt: clock.now() + minutes(5) });
    await until(() => runner.find(failed)?.state === 'failed');
    isWell = true;
    setBack();
    runner.poke();
    await until(() => runner.find(failed)?.state === 'succeeded' && runner.find(later)?.state === 'succeeded');
    await runner.stop();
    db.close();
  });
});

describe('people', () => {
  test('who are signed in at many places can still sign in', async () => {
    const { service, clock: time, person } = accountsWorld();
    await person('anna@example.org');
    const signIn = async () => {
      const typed = { email: 'anna@example.org', password: goodPassword };
      const made = unwrap(await service.signIn.signIn(typed, visitor));
      return made.kind === 'signedIn' ? made.session.cookie : '';
    };
    for (let i = 0; i < 30; i++) {
      await signIn();
      time.advance(minutes(1));
    }
    time.advance(-days(20));
    const cookie = await signIn();
    expect((await service.viewers.fromCookie(cookie, visitor.address))?.viewer.email).toBe('anna@example.org');
  });

  test('get another code, and are not locked out for longer than a lock-out is', async () => {
    const { service, clock: time, person, jobs, mailbox } = accountsWorld({ hasMail: true });
    const { viewer } = await person('over@example.org', 'overseer');
    unwrap(service.registration.setOpen(viewer, true, visitor.address));
    const typed = { name: 'Ben', email: 'ben@example.org', password: goodPassword };
    const { ticket } = unwrap(await service.registration.register(typed, visitor.address));
    await jobs.runAll();
    for (let i = 0; i < 5; i++) service.verification.confirm(ticket, 'wrong', visitor.address);
    time.advance(-YEAR);
    expect(service.verification.resend(ticket, visitor.address).ok).toBe(true);
    await jobs.runAll();
    const code = mailbox.codeFor('ben@example.org');
    expect(service.verification.confirm(ticket, code, visitor.address).ok).toBe(true);
  });

  test('whose token ended, was good again for a while and ended again are told each time', async () => {
    const { service, clock: time, person } = accountsWorld();
    const { viewer } = await person('anna@example.org');
    unwrap(service.tokens.create(viewer, { name: 'house', scope: 'read', expiresInDays: 1 }, visitor.address));
    let ended = 0;
    service.onChange(({ kind }) => {
      if (kind === 'tokenRevoked') ended++;
    });
    for (const step of [days(2), 0, -days(2), days(2)]) {
      time.advance(step);
      service.tokens.endExpired();
    }
    expect(ended).toBe(2);
  });
});
