import { expect, test } from 'bun:test';
import { AmpraError } from '../core/result.ts';
import { tempDir } from '../testing/app.ts';
import { LocalBackupWorks } from './works.fs.ts';

/** Works whose helper is a shell script. */
function works(script: string, stallMs: number) {
  const command = ['sh', '-c', script, 'helper'];
  return new LocalBackupWorks({
    ...{ dataDir: tempDir(), stores: null, now: () => 0, note: () => undefined },
    ...{ command, stallMs },
  });
}
const options = { passphrase: undefined, only: undefined, progress: () => undefined };

test('a helper that says nothing for too long is ended, and the restore with it', async () => {
  const begun = performance.now();
  const failed = await works('exec sleep 60', 200)
    .prepare('a.tar', options)
    .catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(AmpraError);
  expect((failed as AmpraError).message).toContain('made no progress');
  expect(performance.now() - begun).toBeLessThan(20_000);
}, 30_000);

test('a helper that goes on telling how far it is may take as long as it needs', async () => {
  const script = `for i in 1 2 3 4 5; do echo '{"progress":{}}'; sleep 0.5; done; echo '{"done":{"manifest":{"version":"x"}}}'`;
  const manifest = await works(script, 2000).prepare('a.tar', options);
  expect(String(manifest.version)).toBe('x');
}, 30_000);
