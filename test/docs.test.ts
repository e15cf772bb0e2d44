import { describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import packageJson from '../package.json';
import { settings } from '../src/platform/config.ts';

const root = join(import.meta.dir, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...new Bun.Glob('docs/**/*.md').scanSync(root),
];

describe('the documents', () => {
  test('name every setting with its environment name and what it is for', () => {
    const page = read('docs/operations.md');
    const missing = Object.entries(settings).filter(
      ([name, s]) => !page.includes(`| \`${name}\` | \`${s.env}\` |`) || !page.includes(s.help.replaceAll('|', '\\|')),
    );
    expect(missing.map(([name]) => name)).toEqual([]);
  });

  test('name every dependency', () => {
    const page = read('docs/dependencies.md');
    const names = Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies });
    expect(names.filter((name) => !name.startsWith('@types/') && !page.includes(`\`${name}\``))).toEqual([]);
  });

  test('pin every dependency exactly', () => {
    const versions = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
  });

  test('prove every limit on guessing by a test that is there', () => {
    const rows = [...read('SECURITY.md').matchAll(/^\|[^|]+\|[^|]+\| `([^`]+)`: (.+) \|$/gm)];
    const missing = rows.filter(([, file = '', title = '']) => !read(file).includes(`'${title}'`));
    expect(missing.map(([, file, title]) => `${file}: ${title}`)).toEqual([]);
    expect(rows.length).toBeGreaterThan(8);
  });

  test('link only to files that are there', () => {
    const broken = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
        .map((match) => join(dirname(page), match[1] ?? ''))
        .filter((target) => !existsSync(join(root, target)))
        .map((target) => `${page} -> ${target}`),
    );
    expect(broken).toEqual([]);
  });

  test('name only scripts that package.json has', () => {
    const scripts = new Set([...Object.keys(packageJson.scripts), 'ci']);
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map((m) => m[1] ?? ''),
    );
    expect(named.filter((name) => !scripts.has(name))).toEqual([]);
  });
});
