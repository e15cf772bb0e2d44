import { expect, test } from 'bun:test';
import { unwrap } from '../../src/core/result.ts';
import { startTestApp } from '../../src/testing/app.ts';
import { signInAt } from '../../src/testing/sign-in.ts';

const login = { email: 'ada@example.org', password: 'a long enough test password' };

test('an address that leads nowhere leads back to the page in whose midst it lies, and home', async () => {
  await using app = await startTestApp();
  const url = app.url ?? '';
  unwrap(await app.features.accounts.service.addUser({ ...login, role: 'user' }));
  const headers = { Cookie: await signInAt(url, login) };
  const linksOf = async (path: string): Promise<string[]> => {
    const answer = await fetch(`${url}${path}`, { headers });
    expect(answer.status).toBe(404);
    const main = /<main\b[\s\S]*<\/main>/.exec(await answer.text())?.[0] ?? '';
    return [...main.matchAll(/<a class="button[^"]*" href="([^"]+)"/g)].map(([, href]) => href ?? '');
  };
  expect(await linksOf('/history?show=group:nope')).toEqual(['/history', '/']);
  expect(await linksOf('/totals?show=source:nope')).toEqual(['/totals', '/']);
  expect(await linksOf('/sources/00000000-0000-4000-8000-000000000000')).toEqual(['/sources', '/']);
  expect(await linksOf('/nowhere')).toEqual(['/']);
  // What is not for this person is no way back.
  expect(await linksOf('/system/nowhere')).toEqual(['/']);
}, 30_000);
