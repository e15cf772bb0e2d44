import { afterEach, describe, expect, test } from 'bun:test';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { days } from '../core/durations.ts';
import { loadTls } from './certificate.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ampra-tls-'));
  folders.push(folder);
  return folder;
}

const local = { tls: 'local', tlsCertFile: '', tlsKeyFile: '' } as const;
const now = Date.UTC(2026, 10, 21);

describe("the house's own certificate", () => {
  test('is for its names and addresses, signed by an authority that may sign', async () => {
    const files = await loadTls({ config: local, folder: newFolder(), now });
    const server = new X509Certificate(files?.cert ?? '');
    const authority = new X509Certificate(files?.authority ?? '');
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(server.ca).toBe(false);
    expect(server.checkHost('ampra.local')).toBe('ampra.local');
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(Date.parse(server.validTo) - now).toBeLessThan(days(826));
  });

  test('is kept where only this user reads it', async () => {
    const folder = newFolder();
    await loadTls({ config: local, folder, now });
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o600]);
  });

  test('stays the same from start to start, and is renewed before it ends by the same authority', async () => {
    const folder = newFolder();
    const first = await loadTls({ config: local, folder, now });
    expect((await loadTls({ config: local, folder, now: now + days(1) }))?.cert).toBe(first?.cert ?? '');
    const end = Date.parse(new X509Certificate(first?.cert ?? '').validTo);
    const renewed = await loadTls({ config: local, folder, now: end - days(1) });
    expect(renewed?.cert).not.toBe(first?.cert ?? '');
    expect(renewed?.authority).toBe(first?.authority ?? '');
  });

  test('serves pages that a client with the authority trusts', async () => {
    const files = await loadTls({ config: local, folder: newFolder(), now: Date.now() });
    const { cert = '', key = '', authority } = files ?? {};
    const server = Bun.serve({ port: 0, hostname: '127.0.0.1', tls: { cert, key }, fetch: () => new Response('safe') });
    try {
      const response = await fetch(`https://127.0.0.1:${server.port}/`, { tls: { ca: authority ?? '' } });
      expect(await response.text()).toBe('safe');
      expect(fetch(`https://127.0.0.1:${server.port}/`)).rejects.toThrow();
    } finally {
      await server.stop(true);
    }
  });
});
