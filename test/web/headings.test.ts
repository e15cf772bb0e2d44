import { expect, test } from 'bun:test';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import { unwrap } from '../../src/core/result.ts';
import { startTestApp } from '../../src/testing/app.ts';
import { signInAt } from '../../src/testing/sign-in.ts';

const login = { email: 'ada@example.org', password: 'a long enough test password' };
const place = { latitude: 52.52, longitude: 13.4, timeZone: 'Europe/Berlin' };

test('every page has a name of its own, one main heading and no id twice, also before there is anything to show', async () => {
  await using app = await startTestApp();
  const url = app.url ?? '';
  const user = unwrap(await app.features.accounts.service.addUser({ ...login, role: 'overseer' }));
  const headers = { Cookie: await signInAt(url, login) };
  const pages = await navigationOf(url, headers);
  expect(pages).toContain('/forecast');
  const wrong = async (when: string): Promise<string[]> => {
    const found: string[] = [];
    const titles = new Map<string, string>();
    for (const path of [
      ...pages,
      '/forecast/accuracy',
      '/forecast/model',
      '/sources/discover',
      '/connections',
      '/sources/new',
      '/connections/new',
      '/api/docs',
      '/account/security',
      '/account/tokens',
      '/system/backups',
      '/system/clients',
      '/system/jobs',
      '/system/logs',
      '/system/audit',
    ]) {
      const answer = await fetch(`${url}${path}`, { headers });
      const text = await answer.text();
      const title = /<title>([^<]*)/.exec(text)?.[1] ?? '';
      const other = titles.get(title);
      if (other && other !== path) found.push(`${path} ${when}: called “${title}” like ${other}`);
      titles.set(title, path);
      const count = text.match(/<h1\b/g)?.length ?? 0;
      const ids = [...text.matchAll(/<[^>]* id="([^"]+)"/g)].map(([, id]) => id);
      const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
      if (twice.length > 0) found.push(`${path} ${when}: ${twice.slice(0, 3).join(', ')} twice`);
      if (answer.status !== 200 || count !== 1) found.push(`${path} ${when}: ${answer.status}, ${count} headings`);
    }
    return found;
  };
  expect(await wrong('without a source')).toEqual([]);
  const ada = viewerOf(user, { kind: 'session', sessionId: 'ada' });
  unwrap(await app.features.sources.service.create(ada, { name: 'Roof', ...place }));
  expect(await wrong('with a silent source')).toEqual([]);
}, 60_000);

/** What the navigation leads to. */
async function navigationOf(url: string, headers: Record<string, string>): Promise<string[]> {
  const page = await (await fetch(`${url}/`, { headers })).text();
  const navigation = /<nav\b[\s\S]*?<\/nav>/.exec(page)?.[0] ?? '';
  return [...new Set([...navigation.matchAll(/href="(\/[a-z/-]*)"/g)].map((match) => match[1] ?? ''))];
}
