import { expect, test } from 'bun:test';
import { symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir } from '../testing/app.ts';
import { FsBackupFolder } from './folder.fs.ts';

const FACTS = { version: '1', readings: 5, verifiedAt: 1, isOpened: true };
const name = (second: number) => `ampra-2026-06-21-10345${second}.tar`;
const pipe = (path: string) => expect(Bun.spawnSync(['mkfifo', path]).exitCode).toBe(0);

test('pipes, devices and files without end on a stick are neither waited for nor read', () => {
  const path = tempDir();
  const at = (file: string) => join(path, file);
  for (let i = 0; i < 4; i++) writeFileSync(at(name(i)), 'a backup');
  writeFileSync(at(`${name(0)}.json`), JSON.stringify(FACTS));
  pipe(at(`${name(1)}.json`));
  symlinkSync('/dev/zero', at(`${name(2)}.json`));
  writeFileSync(at(`${name(3)}.json`), JSON.stringify(FACTS));
  truncateSync(at(`${name(3)}.json`), 1e12);
  pipe(at(name(4)));
  symlinkSync('/dev/zero', at(name(5)));
  const folder = new FsBackupFolder({ path, place: 'chosen', device: null });
  const list = folder.list().sort((a, b) => a.createdAt - b.createdAt);
  expect(list.map((file) => [file.name, file.facts])).toEqual([
    [name(0), FACTS],
    [name(1), null],
    [name(2), null],
    [name(3), null],
  ]);
  expect([4, 5].map((i) => folder.pathOf(name(i)))).toEqual([null, null]);
});

test('a pipe with the name of a backup that is being written gives way', async () => {
  const path = tempDir();
  pipe(join(path, `${name(0)}.part`));
  const folder = new FsBackupFolder({ path, place: 'chosen', device: null });
  const fill = (write: (bytes: Uint8Array) => Promise<void>) => write(new Uint8Array([1]));
  await folder.create(name(0), fill, async () => FACTS);
  expect(folder.list().map(({ bytes, facts }) => [bytes, facts])).toEqual([[1, FACTS]] as never);
});
