import { expect, test } from 'bun:test';
import { readTarHeader } from '../platform/tar.ts';
import { startTestApp } from '../testing/app.ts';
import { scrub } from './scrub.ts';

const planted = {
  smtpPassword: 'hunter2-smtp-Passw0rd',
  password: 'correct horse battery staple',
  apiKey: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  token: 'amp_eJ6iSMT92GTH3_R_YfC7TMl2kSHW7LK6g7F-vyb1w6s',
  email: 'somebody.private@example.org',
};

test('the bundle holds what helps, and none of the secrets that were planted all over', async () => {
  await using app = await startTestApp({
    config: { smtpUrl: `smtp://mailer:${planted.smtpPassword}@127.0.0.1:2525`, logLevel: 'debug' },
  });
  const { accounts, jobs, admin } = app.features;
  await accounts.service.addUser({ email: planted.email, password: planted.password, role: 'overseer' });
  const made = accounts.service.addToken({ email: planted.email, name: 'x', scope: 'admin' });
  const secret = made.ok ? made.value : '';
  app.log.info('device logged in', { password: planted.password, apiKey: planted.apiKey });
  app.log.warn(`a device sent key ${planted.apiKey} and Bearer ${planted.token}; password=${planted.smtpPassword}`);
  app.log.error(`mail to ${planted.email} failed: smtp://mailer:${planted.smtpPassword}@127.0.0.1`, {
    error: new Error(`token: ${secret}`),
  });
  jobs.define({
    kind: 'leaky',
    title: 'Leaky',
    maxAttempts: 1,
    run: async () => {
      throw new Error(`apiKey=${planted.apiKey}`);
    },
  });
  jobs.enqueue('leaky', { payload: planted });
  await Bun.sleep(100);

  const files = unpack(Bun.gunzipSync(Buffer.from(await admin.diagnostics.bundle())));
  expect([...files.keys()].sort()).toEqual(
    ['config', 'health', 'jobs', 'statistics', 'system']
      .map((n) => `ampra-diagnostics/${n}.json`)
      .concat(['ampra-diagnostics/log.ndjson', 'ampra-diagnostics/metrics.txt'])
      .sort(),
  );
  const all = [...files.values()].join('\n');
  for (const [name, value] of Object.entries({ ...planted, secret }))
    expect({ name, isIn: all.includes(value) }).toEqual({ name, isIn: false });
  expect(files.get('ampra-diagnostics/log.ndjson')).toContain('device logged in');
  expect(files.get('ampra-diagnostics/jobs.json')).toContain('leaky');
  expect(JSON.parse(files.get('ampra-diagnostics/config.json') ?? '')).toMatchObject({
    smtpUrl: 'set',
    httpHost: '127.0.0.1',
  });
  expect(JSON.parse(files.get('ampra-diagnostics/health.json') ?? '')).toContainEqual({
    part: 'telemetry',
    state: 'ok',
  });
});

test('scrubbing keeps what leads to a fault', () => {
  for (const text of [
    'source 0b6f6a3e-3c1e-4f0a-9a3f-0a4b4d1c2e55 sent 12 messages',
    'ampra_ingest_rejected_values_total 12',
    '/var/lib/ampra/journal cannot be written: ENOSPC',
    '2026-03-29T12:00:00.000Z',
  ])
    expect(scrub(text)).toBe(text);
});

test('scrubbing takes private keys and quoted secrets whole', () => {
  expect(scrub('-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----')).toBe('[hidden]');
  expect(scrub('{"password":"with \\"quotes\\" and spaces","a":1}')).toBe('{"password":"[hidden]","a":1}');
});

function unpack(tar: Uint8Array): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; ; ) {
    const header = readTarHeader(tar.subarray(at, at + 512));
    if (!header) return files;
    files.set(header.name, new TextDecoder().decode(tar.subarray(at + 512, at + 512 + header.size)));
    at += 512 + Math.ceil(header.size / 512) * 512;
  }
}
