import { expect, test } from 'bun:test';
import { refuse } from '../core/result.ts';
import { createLog, MemoryLogSink } from '../platform/log.ts';
import { FakeClock } from '../testing/app.ts';
import { Admission } from './admission.ts';
import { defaultLimits } from './limits.ts';

const secret = 'amp_eJ6iSMT92GTH3_R_YfC7TMl2kSHW7LK6g7F-vyb1w6s';
const key = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

test('a key or token in the field of the user name, where people often put it, does not get into the log', async () => {
  const lines = new MemoryLogSink();
  const clock = new FakeClock();
  const admission = new Admission({
    policy: {
      authenticate: async () => refuse('unauthenticated', 'no'),
      mayPublish: () => false,
      maySubscribe: () => false,
      mayReceive: () => false,
      receive: (_principal, _message, done) => done(null),
    },
    ...{ limits: defaultLimits, clock, log: createLog({ level: 'debug', sinks: [lines] }) },
    counters: { received: 0, sent: 0, dropped: 0, refused: 0, connections: 0, failedLogins: 0 },
  });
  const known = crypto.randomUUID();
  for (const username of [secret, key, `${'x'.repeat(60_000)}`, known, 'token', '']) {
    clock.advance(6000);
    const packet = { clientId: 'c', username, password: Buffer.from('wrong'), protocolVersion: 5, clean: true };
    await admission.decide(packet as never, { address: '10.0.0.9', connected: 0 });
  }
  const text = JSON.stringify(lines.newest());
  expect(text).not.toContain(secret);
  expect(text).not.toContain(key);
  expect(text.length).toBeLessThan(5000);
  expect(text).toContain(known);
  expect(text).toContain('"username":"token"');
});
