import { describe, expect, test } from 'bun:test';
import { FakeClock } from '../testing/app.ts';
import { fillForm } from './fill-form.ts';
import { isNeverKept, type KeptForm, KeptForms } from './kept-forms.ts';

const form = (more: Partial<KeptForm> = {}): KeptForm => ({
  action: '/sources',
  page: '/sources/new',
  fields: [['name', 'Roof']],
  hasLeftOut: false,
  ...more,
});

describe('forms that wait', () => {
  test('are found by their id for ten minutes', () => {
    const clock = new FakeClock();
    const forms = new KeptForms(clock);
    const id = forms.keep(form(), '192.168.1.5') ?? '';
    expect(forms.find(id)?.fields).toEqual([['name', 'Roof']]);
    clock.advance(10 * 60_000);
    expect(forms.find(id)).toBeUndefined();
  });

  test('are few for one address and few in all, so that strangers fill no memory', () => {
    const forms = new KeptForms(new FakeClock());
    const mine = forms.keep(form(), '192.168.1.5') ?? '';
    for (let i = 0; i < 20; i++) expect(forms.keep(form(), '10.0.0.9')).not.toBeNull();
    for (let i = 0; i < 500; i++) forms.keep(form(), `10.1.${i >> 8}.${i & 255}`);
    expect(forms.keep(form(), '10.2.0.1')).toBeNull();
    expect(forms.find(mine)).toBeDefined();
    expect(forms.keep(form({ fields: [['name', 'x'.repeat(40_000)]] }), '10.0.0.9')).toBeNull();
  });

  test('hold no field that any page asks a secret in', async () => {
    const names: string[] = [];
    for (const file of new Bun.Glob('views/**/*.tsx').scanSync('.')) {
      const text = await Bun.file(file).text();
      for (const [tag] of text.matchAll(/<(Field|input|NewPasswordField)\b[^>]*?\/>/gs))
        if (/type="password"|^<NewPasswordField/.test(tag)) names.push(/name="([^"]+)"/.exec(tag)?.[1] ?? 'password');
    }
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !isNeverKept(name))).toEqual([]);
    expect(['name', 'currency', 'email', 'latitude', 'description', 'timeZone', 'version'].filter(isNeverKept)).toEqual(
      [],
    );
  });
});

describe('filling a form', () => {
  const page = (inside: string) =>
    `<form method="post" action="/other"><input name="name" value="untouched"></form><form method="post" action="/sources">${inside}</form>`;
  const fill = (inside: string, fields: KeptForm['fields']) => fillForm(page(inside), form({ fields }), '<i>note</i>');

  test('puts texts, choices and marks back, and nothing outside the form', () => {
    const { html, isFound } = fill(
      `<input name="name" value="old"><textarea name="description">old</textarea>
       <select name="role"><option value="solar" selected>S</option><option value="a&amp;b">B</option></select>
       <input type="checkbox" name="on" value="yes" checked><input type="radio" name="way" value="x"><input type="password" name="name">`,
      [
        ['name', 'Roof "east" &amp; <b>'],
        ['description', '</textarea><script>'],
        ['role', 'a&b'],
        ['way', 'x'],
      ],
    );
    expect(isFound).toBe(true);
    expect(html).toContain('value="Roof &quot;east&quot; &amp;amp; <b>"');
    expect(html).toContain('&lt;/textarea&gt;&lt;script&gt;');
    expect(html).toMatch(/<option value="solar">S/);
    expect(html).toMatch(/<option value="a&amp;b" selected/);
    expect(html).toMatch(/name="on" value="yes" ?\/?>/);
    expect(html).toMatch(/name="way" value="x" checked/);
    expect(html).toContain('value="untouched"');
    expect(html).toContain('<input type="password" name="name">');
    expect(html).toContain('<i>note</i>');
  });

  test('leaves a page without that form as it is', () => {
    const html = '<form method="get" action="/sources"><input name="name"></form>';
    expect(fillForm(html, form(), 'x')).toEqual({ html, isFound: false });
  });
});
