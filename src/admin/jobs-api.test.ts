import { expect, test } from 'bun:test';
import type { Job } from '../core/jobs.ts';
import { ada, adam, bob, olga } from '../testing/sources.ts';
import { ask, testWeb } from '../web/testing.ts';
import { registerJobsApi } from './jobs-api.web.tsx';

const job: Job = {
  ...{ id: 'j1', kind: 'forecast.train', payload: { sourceId: 's' }, state: 'running' },
  ...{ progress: 0.4, progressText: 'Trying it on the last days', attempts: 1, maxAttempts: 3, error: null },
  ...{ runAt: 0, createdAt: 0, startedAt: Date.UTC(2026, 5, 21, 10), finishedAt: null, ownerId: ada.userId },
};
const jobs: readonly Job[] = [job, { ...job, id: 'own', ownerId: null }];
const web = testWeb({ ada, bob, olga, adam });
registerJobsApi(web.routes, { jobs: { find: (id) => jobs.find((one) => one.id === id) } });

const get = (id: string, viewer: string) =>
  ask(web, `/api/v1/jobs/${id}`, { headers: { Authorization: `Bearer ${viewer}` } });

test('whose work it is can follow it, and an Overseer', async () => {
  for (const viewer of ['ada', 'olga']) {
    const response = await get('j1', viewer);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ...{ id: 'j1', kind: 'forecast.train', state: 'running', progress: 0.4, error: null },
      ...{ text: 'Trying it on the last days', startedAt: '2026-06-21T10:00:00.000Z', finishedAt: null },
    });
  }
});

test("another person's work, the appliance's own and none at all are answered alike", async () => {
  const answers = await Promise.all([get('j1', 'bob'), get('j1', 'adam'), get('own', 'ada'), get('none', 'ada')]);
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
  const said = await Promise.all(
    answers.map(async (answer) => {
      const { title, detail } = (await answer.json()) as Record<string, unknown>;
      return `${title}: ${detail}`;
    }),
  );
  expect(new Set(said).size).toBe(1);
  expect(said[0]).toContain('There is no such job.');
});
