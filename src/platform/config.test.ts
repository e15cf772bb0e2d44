import { expect, test } from 'bun:test';
import { readConfig, weatherArchiveUrl } from './config.ts';
import { describeProblems } from './config-file.ts';

test('a mail server that cannot be read is named without the password in it', () => {
  for (const smtpUrl of [
    'smtp//ada:hunter2-secret@mail.example',
    'https://ada:hunter2-secret@mail.example',
    'hunter2-secret',
  ]) {
    const sources = [
      { env: { AMPRA_SMTP_URL: smtpUrl } },
      { env: {}, flags: { smtpUrl } },
      { env: {}, file: { path: 'ampra.config.ts', values: { smtpUrl } } },
    ];
    for (const source of sources) {
      const read = readConfig({ defaultDataDir: '/tmp/x', ...source });
      const text = read.ok ? '' : describeProblems(read.problems);
      expect(text).toContain('smtpUrl');
      expect(text).not.toContain('hunter2');
    }
  }
});

test('the weather of past years is asked of the internet only when the forecast is', () => {
  const archiveOf = (env: Record<string, string>) => {
    const read = readConfig({ env, defaultDataDir: '/tmp/x' });
    return read.ok ? weatherArchiveUrl(read.config) : describeProblems(read.problems);
  };
  expect(archiveOf({})).toBe('https://archive-api.open-meteo.com');
  expect(archiveOf({ AMPRA_WEATHER_URL: 'http://192.168.1.9:8080' })).toBe('http://192.168.1.9:8080');
  expect(archiveOf({ AMPRA_WEATHER_ARCHIVE_URL: 'http://10.0.0.2' })).toBe('http://10.0.0.2');
  expect(archiveOf({ AMPRA_WEATHER_URL: 'ftp://weather' })).toContain('must be an address that begins with https://');
});

test('weather is fetched by nobody until somebody says so', () => {
  const read = readConfig({ env: {}, defaultDataDir: '/tmp/x' });
  expect(read.ok && read.config.weather).toBe('ask');
});

test('what is coarser must be kept at least as long', () => {
  const read = (env: Record<string, string>) => readConfig({ defaultDataDir: '/tmp/x', env });
  expect(read({ AMPRA_RETENTION_DAYS: '90' }).ok).toBe(true);
  expect(read({ AMPRA_RETENTION_DAYS: '90', AMPRA_MINUTE_RETENTION_DAYS: '365' }).ok).toBe(true);
  const refused = read({ AMPRA_RETENTION_DAYS: '90', AMPRA_HOUR_RETENTION_DAYS: '30' });
  expect(refused.ok ? [] : refused.problems).toMatchObject([
    {
      setting: 'hourRetentionDays',
      message: 'is 30, less than quarterRetentionDays (for ever): what is coarser must be kept as long',
    },
  ]);
});
