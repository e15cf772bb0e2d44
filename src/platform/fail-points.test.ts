import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { readDeath } from './fail-points.ts';

const root = join(import.meta.dir, '..', '..');

/** Passes the place twice in a process of its own; gives how that ended. */
async function passTwice(env: Record<string, string>): Promise<string | number | null> {
  const code = `import { failPoint } from './src/platform/fail-points.ts'; failPoint('journal.written'); failPoint('journal.written');`;
  const child = Bun.spawn([process.execPath, '-e', code], { cwd: root, env, stdout: 'ignore', stderr: 'inherit' });
  await child.exited;
  return child.signalCode ?? child.exitCode;
}

describe('a place to die', () => {
  test('kills the process that a test asked to, where and when it asked', async () => {
    expect(await passTwice({ NODE_ENV: 'test', TEST_DIE_AT: 'journal.written:2' })).toBe('SIGKILL');
    expect(await passTwice({ NODE_ENV: 'test', TEST_DIE_AT: 'journal.written:3' })).toBe(0);
    expect(await passTwice({ NODE_ENV: 'test', TEST_DIE_AT: 'journal.synced:1' })).toBe(0);
  });

  test('does nothing outside tests', async () => {
    expect(await passTwice({ TEST_DIE_AT: 'journal.written:1' })).toBe(0);
    expect(await passTwice({ NODE_ENV: 'production', TEST_DIE_AT: 'journal.written:1' })).toBe(0);
  });

  test('is named with a count, and a delay if wanted', () => {
    expect(readDeath('checkpoint:1+12')).toEqual({ at: 'checkpoint', passes: 1, delayMs: 12 });
    for (const text of [undefined, '', 'checkpoint', 'nowhere:1', 'checkpoint:x']) expect(readDeath(text)).toBeNull();
  });
});
