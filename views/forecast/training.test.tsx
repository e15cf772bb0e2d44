import { expect, test } from 'bun:test';
import type { ModelsView } from '../../src/forecast/forecast-view.ts';
import { Training } from './training.tsx';

const now = Date.UTC(2026, 10, 21, 12);

test('a learning that found too little says so, and does not claim to have learned', () => {
  const view: ModelsView = {
    subject: { sourceId: 'roof', quantity: 'solar' },
    ...{ timeZone: 'UTC', serving: null, others: [], parts: ['morning'], blend: [], isAutomatic: true },
    job: {
      ...{ id: 'job', state: 'succeeded', progress: 1, text: null, error: null, startedAt: now - 61_000 },
      finishedAt: now - 60_000,
    },
  };
  const html = String(<Training view={view} sourceId="roof" now={now} />);
  expect(html).toContain('Looked 1 min ago: there are too few measured days to learn from yet.');
  expect(html).not.toContain('Learned 1 min ago');
});
