import { expect, test } from 'bun:test';
import { streamSink } from '../platform/log.ts';
import { forOneLine, forTerminal } from './plain-text.ts';

test('a terminal shows control characters and does not obey them; breaks and tabs stay', () => {
  expect(forTerminal('a\tb\nc\u001b[2Jd\re\u009b1m')).toBe('a\tb\nc\\u001b[2Jd\\u000de\\u009b1m');
  expect(forTerminal('right\u202eleft')).toBe('right\\u202eleft');
  expect(forTerminal('Grüße 👋 Ελλάδα')).toBe('Grüße 👋 Ελλάδα');
});

test('a line of the log is one line, whatever a device is called', () => {
  let written = '';
  const sink = streamSink({ write: (text) => (written += text) }, 'text');
  const client = 'pump\n12:00:00 info  web: signed in (\u001b[31m';
  sink.write({ time: 0, level: 'warn', feature: 'mqtt', message: `x${client}`, fields: { client, list: [client] } });
  expect(written.split('\n')).toHaveLength(2);
  expect(written).not.toContain('\u001b');
  expect(forOneLine('a\nb')).toBe('a\\u000ab');
});
