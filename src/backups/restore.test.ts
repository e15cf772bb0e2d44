import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AmpraError } from '../core/result.ts';
import { tarOf } from '../platform/tar.ts';
import { tempDir } from '../testing/app.ts';
import { restoreNow } from '../testing/backups.ts';

let outside: string;
let dataDir: string;
beforeEach(() => {
  outside = tempDir();
  dataDir = join(outside, 'data');
  mkdirSync(dataDir);
});
afterEach(() => rmSync(outside, { recursive: true, force: true }));

const bytesOf = (text: string) => new TextEncoder().encode(text);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A backup that is whole by its own account, whatever its files are called. */
function backupOf(files: Record<string, string>, change: (manifest: Record<string, unknown>) => unknown = (m) => m) {
  const entries = Object.entries(files).map(([name, text]) => ({ name, bytes: bytesOf(text) }));
  const list = entries.map(({ name, bytes }) => ({ name, size: bytes.length, sha256: sha256(bytes) }));
  const manifest = change({ format: 1, version: '0.1.0', createdAt: '2026-06-21T10:00:00.000Z', files: list });
  const head = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
  return tarOf([{ name: 'manifest.json', bytes: bytesOf(head) }, ...entries], 0);
}

async function restore(archive: Uint8Array, withConfig = false) {
  const file = join(outside, 'backup.tar');
  writeFileSync(file, archive);
  return restoreNow({ file, dataDir, withConfig });
}

/** What it says, or why it failed otherwise. */
async function refusal(archive: Uint8Array): Promise<string> {
  const error = await restore(archive).then(
    () => 'it was restored',
    (thrown: unknown) => thrown,
  );
  return error instanceof AmpraError ? `${error.refusal.code}: ${error.refusal.message}` : String(error);
}

test('a whole backup is put in place', async () => {
  await restore(backupOf({ 'forms.key': 'key', 'images/a.webp': 'picture' }));
  expect(readFileSync(join(dataDir, 'images/a.webp'), 'utf8')).toBe('picture');
});

describe('a backup that somebody made to do harm', () => {
  const names = [
    ...['../outside.txt', 'images/../../outside.txt', '/tmp/ampra-outside.txt', './ampra.db', 'images//a', 'images/'],
    ...['..', '.', '', 'a\\..\\b', 'a\nb', `x${'\u0000'}y`],
    ...[
      'lock.db',
      'lock.db-wal',
      'ampra.pid',
      'control.sock',
      'restore.part/x',
      'replaced-1/x',
      'backup.part/x',
      'tmp/x',
    ],
  ];
  for (const name of names)
    test(`names no file ${JSON.stringify(name)}`, async () => {
      writeFileSync(join(dataDir, 'ampra.db'), 'mine');
      expect(await refusal(backupOf({ [name]: 'evil' }))).toStartWith('invalid: This is no whole backup');
      expect(readdirSync(outside).sort()).toEqual(['backup.tar', 'data']);
      expect(readdirSync(dataDir)).toEqual(['ampra.db']);
      expect(readFileSync(join(dataDir, 'ampra.db'), 'utf8')).toBe('mine');
    });

  const shapes: Record<string, (manifest: Record<string, unknown>) => unknown> = {
    'no JSON': () => 'hello',
    'JSON of another kind': () => '[]',
    'no list of files': ({ files: _files, ...rest }) => rest,
    'files that are none': (m) => ({ ...m, files: [null, 1, 'x'] }),
    'a negative size': (m) => ({ ...m, files: [{ name: 'ampra.db', size: -1, sha256: 'x' }] }),
    'a size that is no number': (m) => ({ ...m, files: [{ name: 'ampra.db', size: '4', sha256: 'x' }] }),
    'a size beyond all disks': (m) => ({ ...m, files: [{ name: 'ampra.db', size: 1e300, sha256: 'x' }] }),
    'a checksum that does not fit': (m) => ({ ...m, files: [{ name: 'forms.key', size: 4, sha256: '0'.repeat(64) }] }),
    'the same file twice': (m) => ({ ...m, files: [(m.files as unknown[])[0], (m.files as unknown[])[0]] }),
    'a file that is also a folder': (m) => ({
      ...m,
      files: [...(m.files as unknown[]), { ...(m.files as object[])[0], name: 'forms.key/x' }],
    }),
  };
  for (const [what, change] of Object.entries(shapes))
    test(`is refused with ${what} in its manifest`, async () => {
      writeFileSync(join(dataDir, 'ampra.db'), 'mine');
      expect(await refusal(backupOf({ 'forms.key': 'rows' }, change))).toStartWith('invalid: This is no whole backup');
      expect(readFileSync(join(dataDir, 'ampra.db'), 'utf8')).toBe('mine');
    });

  test('is refused when it is no archive, or a damaged one', async () => {
    const whole = backupOf({ 'forms.key': 'rows' });
    for (const bytes of [
      new Uint8Array(0),
      bytesOf('hello'),
      new Uint8Array(10_240),
      whole.slice(0, 700),
      whole.slice(0, 1536),
    ])
      expect(await refusal(bytes)).toStartWith('invalid: This is no whole backup');
    const sizeless = whole.slice();
    sizeless.fill(0x41, 124, 136);
    expect(await refusal(sizeless)).toStartWith('invalid: This is no whole backup');
  });

  test('brings no program along: its configuration waits beside, until its owner wants it', async () => {
    const archive = backupOf({ 'forms.key': 'key', 'ampra.config.ts': 'process.exit(7)' });
    await restore(archive);
    expect(existsSync(join(dataDir, 'ampra.config.ts'))).toBe(false);
    expect(readFileSync(join(dataDir, 'ampra.config.ts.from-backup'), 'utf8')).toBe('process.exit(7)');
    await restore(archive, true);
    expect(existsSync(join(dataDir, 'ampra.config.ts'))).toBe(true);
  });

  test('leaves the configuration that was there in force', async () => {
    writeFileSync(join(dataDir, 'ampra.config.ts'), 'export default {}');
    await restore(backupOf({ 'forms.key': 'key', 'ampra.config.ts': 'process.exit(7)' }));
    expect(readFileSync(join(dataDir, 'ampra.config.ts'), 'utf8')).toBe('export default {}');
  });
});
