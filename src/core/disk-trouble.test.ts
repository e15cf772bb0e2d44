import { expect, test } from 'bun:test';
import { diskTrouble, unlessDiskTrouble } from './disk-trouble.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

test('tells what a disk has from codes and messages', () => {
  expect(diskTrouble(withCode('SQLITE_FULL'))).toBe('full');
  expect(diskTrouble(withCode('ENOSPC'))).toBe('full');
  expect(diskTrouble(withCode('SQLITE_READONLY_DIRECTORY'))).toBe('read-only');
  expect(diskTrouble(withCode('SQLITE_IOERR_FSYNC'))).toBe('failing');
  expect(diskTrouble(new Error('IO Error: Could not write file: No space left on device'))).toBe('full');
  expect(diskTrouble(new Error('IO Error: Input/output error'))).toBe('failing');
  for (const other of [withCode('SQLITE_CONSTRAINT'), new Error('boom'), 'text', 7])
    expect(diskTrouble(other)).toBeNull();
});

test('goes on without what a disk refuses, and hides nothing else', () => {
  expect(unlessDiskTrouble(() => 1)).toBe(true);
  expect(
    unlessDiskTrouble(() => {
      throw withCode('SQLITE_FULL');
    }),
  ).toBe(false);
  expect(() =>
    unlessDiskTrouble(() => {
      throw withCode('SQLITE_CONSTRAINT');
    }),
  ).toThrow();
});
