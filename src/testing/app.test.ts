import { expect, test } from 'bun:test';
import { startTestApp } from './app.ts';

test('the appliance starts on an empty folder, listens and stops', async () => {
  await using app = await startTestApp();
  expect(app.health().filter((p) => p.state === 'broken')).toEqual([]);
  const answer = await fetch(`${app.url}/healthz`);
  expect(answer.status).toBeGreaterThan(0);
});
