import { afterEach, beforeEach, expect, test } from 'bun:test';
import { X509Certificate } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { days } from '../core/durations.ts';
import { tempDir } from '../testing/app.ts';
import { loadTls } from './certificate.ts';

const local = { tls: 'local', tlsCertFile: '', tlsKeyFile: '' } as const;
let folder: string;
beforeEach(() => {
  folder = tempDir();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the house makes its authority and a certificate for its names, once', async () => {
  const now = Date.now();
  const files = await loadTls({ config: local, folder, now });
  const server = new X509Certificate(files?.cert ?? '');
  const authority = new X509Certificate(files?.authority ?? '');
  expect(server.verify(authority.publicKey)).toBe(true);
  expect(server.checkIssued(authority)).toBe(true);
  expect(authority.ca).toBe(true);
  expect(server.ca).toBe(false);
  expect(server.checkHost('localhost')).toBe('localhost');
  expect(server.checkHost('ampra.local')).toBe('ampra.local');
  expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
  expect(statSync(join(folder, 'server.key')).mode & 0o777).toBe(0o600);
  expect((await loadTls({ config: local, folder, now }))?.cert).toBe(files?.cert ?? '');
});

test('an ageing certificate is renewed at a start under the same authority', async () => {
  const now = Date.now();
  const before = await loadTls({ config: local, folder, now });
  const after = await loadTls({ config: local, folder, now: now + days(500) });
  expect(after?.cert).not.toBe(before?.cert ?? '');
  expect(after?.authority).toBe(before?.authority ?? '');
});

test('what was made while the clock was ahead, or ends soon, is made anew, authority and all', async () => {
  const now = Date.now();
  const ahead = await loadTls({ config: local, folder, now: now + days(2000) });
  const right = await loadTls({ config: local, folder, now });
  const late = await loadTls({ config: local, folder, now: now + days(3500) });
  expect(new Set([ahead?.authority, right?.authority, late?.authority]).size).toBe(3);
  for (const [files, at] of [
    [right, now],
    [late, now + days(3500)],
  ] as const) {
    const [server, authority] = [files?.cert, files?.authority].map((pem) => new X509Certificate(pem ?? ''));
    expect(server?.verify(authority?.publicKey as never)).toBe(true);
    for (const one of [server, authority]) {
      expect(Date.parse(one?.validFrom ?? '')).toBeLessThan(at);
      expect(Date.parse(one?.validTo ?? '')).toBeGreaterThan(at + days(399));
    }
  }
});

test("the owner's files are used as they are, and refused by name when they cannot be", async () => {
  await loadTls({ config: local, folder, now: Date.now() });
  const files = {
    tls: 'files',
    tlsCertFile: join(folder, 'server.pem'),
    tlsKeyFile: join(folder, 'server.key'),
  } as const;
  const loaded = await loadTls({ config: files, folder, now: Date.now() });
  expect(loaded?.cert).toBe(readFileSync(files.tlsCertFile, 'utf8'));
  await expect(loadTls({ config: files, folder, now: Date.now() + days(4000) })).rejects.toThrow('ended on');
  await expect(loadTls({ config: { ...files, tlsKeyFile: '/nowhere' }, folder, now: Date.now() })).rejects.toThrow(
    '/nowhere',
  );
  await expect(
    loadTls({ config: { ...files, tlsCertFile: files.tlsKeyFile }, folder, now: Date.now() }),
  ).rejects.toThrow('no PEM certificate');
});
