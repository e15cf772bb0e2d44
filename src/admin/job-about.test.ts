import { expect, test } from 'bun:test';
import { jobAbout } from './job-about.ts';

const nameOf = (id: string) => (id === 's1' ? 'House inverter' : undefined);

test('a job says which source it works on, and which quantity of it', () => {
  expect(jobAbout({ sourceId: 's1', quantity: 'load' }, nameOf)).toBe('House inverter, consumption');
  expect(jobAbout({ sourceId: 's1', quantity: 'solar' }, nameOf)).toBe('House inverter, production');
  expect(jobAbout({ sourceId: 's1', quantity: null }, nameOf)).toBe('House inverter');
});

test('a job about no source, or about one that is not for the viewer, says nothing of it', () => {
  for (const payload of [null, 'now', 5, {}, { sourceId: 7 }, { sourceId: 's2', quantity: 'load' }])
    expect(jobAbout(payload, nameOf)).toBeNull();
});
