import { expect, test } from 'bun:test';
import { readConfig } from './config.ts';
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
