import { expect, test } from 'bun:test';
import { silentLog } from '../platform/log.ts';
import { FakeClock } from '../testing/app.ts';
import { ForecastIssuing, type IssuingDeps } from './issuing-service.ts';
import type { ForecastIssue, ForecastSubject, ServeTask } from './ports.ts';

/** Nine sources: what the worker is asked for at a time, and what is issued in the end. */
async function issueNine(serve: (tasks: readonly ServeTask[]) => void) {
  const clock = new FakeClock();
  const subjects = Array.from({ length: 9 }, (_, at): ForecastSubject => ({ sourceId: `s${at}`, quantity: 'solar' }));
  const issuing = new ForecastIssuing({
    data: { forServing: async () => ({ data: {}, weather: null }) },
    models: { serving: async () => null },
    subjects: { quantitiesOf: () => ['solar'] },
    scores: { state: () => null },
    issues: { times: () => [], put: () => undefined, remove: () => undefined, newestAt: () => null },
    workshop: {
      serve: async (tasks: readonly ServeTask[]) => {
        serve(tasks);
        return tasks.map(({ subject, now }) => ({ subject, issue: { issuedAt: now } as ForecastIssue }));
      },
    },
    ...{ clock, log: silentLog },
  } as unknown as IssuingDeps);
  await issuing.issueNow(subjects);
  return subjects.filter((subject) => issuing.issueAt(subject, clock.now())).length;
}

test('many sources are forecast a few in a worker, each once, all for the same moment', async () => {
  const asked: ServeTask[][] = [];
  expect(await issueNine((tasks) => asked.push([...tasks]))).toBe(9);
  const all = asked.flat();
  expect(all.map(({ subject }) => subject.sourceId)).toEqual(Array.from({ length: 9 }, (_, at) => `s${at}`));
  expect(new Set(all.map(({ now }) => now)).size).toBe(1);
  expect(Math.max(...asked.map(({ length }) => length))).toBeLessThan(9);
});
