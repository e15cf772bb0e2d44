import { expect, test } from 'bun:test';
import { renderPage } from '../../src/web/page.tsx';
import { ask, testViewer, testWeb } from '../../src/web/testing.ts';
import * as parts from '../../views/parts/index.ts';
import { Gallery } from './gallery.tsx';

async function html(): Promise<string> {
  const web = testWeb({ ada: testViewer({ role: 'admin' }) });
  web.routes.page('get', '/gallery', 'user', (c) => renderPage(c, { title: 'Parts', active: 'live' }, <Gallery />));
  return (await ask(web, '/gallery', { viewer: 'ada' })).text();
}

test('the gallery shows every part', async () => {
  const shown = await Bun.file(new URL('./gallery.tsx', import.meta.url)).text();
  const components = Object.keys(parts).filter((name) => /^[A-Z]/.test(name));
  expect(components.filter((name) => !new RegExp(`<p\\.${name}[\\s/>]`).test(shown))).toEqual([]);
});

test('every part keeps to the content security policy', async () => {
  const page = await html();
  expect(page).not.toMatch(/\sstyle=|<style|\son[a-z]+="|javascript:|hx-on/);
  expect(page).not.toContain('[object Object]');
  expect(page).not.toContain('undefined');
});

test('every form that changes something carries the token and every input has a name that is read out', async () => {
  const page = await html();
  for (const [form] of page.matchAll(/<form method="post"[\s\S]*?<\/form>/g))
    expect(form).toMatch(/name="_csrf" value="[\w-]{20,}"/);
  const labelled = new Set([...page.matchAll(/<label[^>]*\sfor="([^"]+)"/g)].map((m) => m[1]));
  for (const [input] of page.matchAll(/<(?:input|select|textarea)\s[^>]*>/g)) {
    if (/type="(?:hidden|radio)"/.test(input)) continue;
    const id = /\sid="([^"]+)"/.exec(input)?.[1];
    expect([input, labelled.has(id ?? '')]).toEqual([input, true]);
  }
});

test('ids that are pointed at exist once', async () => {
  const page = await html();
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((m) => m[1] ?? '');
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  const pointed = [...page.matchAll(/\s(?:aria-describedby|aria-labelledby|data-copy|data-reveal)="([^"]+)"/g)];
  for (const [, value = ''] of pointed) for (const id of value.split(' ')) expect(ids).toContain(id);
});

test('differences name the fields that were changed by someone else', () => {
  const labels = { name: 'Name', watts: 'Power' };
  expect(parts.differences(labels, { name: 'a', watts: 5 }, { name: 'a', watts: '5' })).toEqual([]);
  expect(parts.differences(labels, { name: 'a', watts: null }, { name: 'b', watts: '' })).toEqual([
    { label: 'Name', theirs: 'a', yours: 'b' },
  ]);
});
