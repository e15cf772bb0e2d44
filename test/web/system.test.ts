import { expect, test } from 'bun:test';
import { startTestApp } from '../../src/testing/app.ts';
import { partWords } from '../../views/admin/part-words.ts';

test('every part of the appliance has plain words on the System page', async () => {
  await using app = await startTestApp();
  const parts = app.health().map((p) => p.part);
  expect(parts.length).toBeGreaterThan(5);
  expect(parts.filter((part) => partWords[part] === undefined)).toEqual([]);
});
