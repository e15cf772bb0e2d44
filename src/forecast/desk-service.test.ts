import { beforeEach, describe, expect, test } from 'bun:test';
import type { Viewer } from '../accounts/viewer.ts';
import { seconds } from '../core/durations.ts';
import { ok, refuse } from '../core/result.ts';
import { FakeClock } from '../testing/app.ts';
import { makeSource } from '../testing/ingest.ts';
import { ForecastDeskService } from './desk-service.ts';
import type { ForecastSubject } from './ports.ts';
import { subjectKey } from './serve/subject-data.ts';

const ada: Viewer = {
  ...{ userId: 'ada', role: 'user', name: 'Ada', email: 'a@example.org', temperatureUnit: 'celsius' },
  via: { kind: 'session', sessionId: 's' },
};

let clock: FakeClock;
let madeTogether: string[][];
let looks: number;
/** What sources are known to measure. */
let known: Map<string, ForecastSubject['quantity'][]>;
let issuedAt: Map<string, number>;
let desk: ForecastDeskService;

beforeEach(() => {
  clock = new FakeClock();
  madeTogether = [];
  looks = 0;
  known = new Map([['roof', ['solar', 'load']]]);
  issuedAt = new Map();
  desk = new ForecastDeskService({
    clock,
    sources: {
      findFor: (_: Viewer, id: string) => (id === 'other' ? refuse('not_found', 'no') : ok(makeSource(id))),
    },
    subjects: {
      quantitiesOf: (id: string) => known.get(id) ?? [],
      refresh: async () => {
        looks++;
        known.set('shed', ['solar']);
      },
    },
    issuing: {
      issueAt: (subject: ForecastSubject) => {
        const at = issuedAt.get(subjectKey(subject));
        return at === undefined ? undefined : { issuedAt: at };
      },
      issueNow: async (subjects: ForecastSubject[]) => {
        madeTogether.push(subjects.map(subjectKey));
        await Bun.sleep(5);
        for (const subject of subjects) issuedAt.set(subjectKey(subject), clock.now());
      },
    },
  } as never);
});

describe('a press of Forecast now', () => {
  test('makes all that the page shows together, and nothing again that was made a moment ago', async () => {
    expect((await desk.refreshNow(ada, ['roof', 'shed'])).ok).toBe(true);
    expect(madeTogether).toEqual([['roof/solar', 'roof/load', 'shed/solar']]);
    clock.advance(seconds(20));
    await desk.refreshNow(ada, ['roof', 'shed']);
    expect(madeTogether).toHaveLength(1);
    clock.advance(1);
    issuedAt.set('roof/load', clock.now());
    await desk.refreshNow(ada, ['roof']);
    expect(madeTogether.at(-1)).toEqual(['roof/solar']);
  });

  test('looks what a source measures only when nothing is known of it', async () => {
    await desk.refreshNow(ada, ['roof']);
    expect(looks).toBe(0);
    await desk.refreshNow(ada, ['shed']);
    expect(looks).toBe(1);
  });

  test('makes nothing when one of them is not theirs', async () => {
    expect(await desk.refreshNow(ada, ['roof', 'other'])).toMatchObject({ ok: false, error: { code: 'not_found' } });
    expect(madeTogether).toEqual([]);
  });

  test('by many at once makes it once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => desk.refreshNow(ada, ['roof'])));
    expect(madeTogether).toEqual([['roof/solar', 'roof/load']]);
  });
});
