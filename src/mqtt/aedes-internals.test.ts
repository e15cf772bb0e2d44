import { afterEach, beforeEach, expect, test } from 'bun:test';
import { Duplex } from 'node:stream';
import { Aedes } from 'aedes';
import { NoPersistence, noEmitter } from './aedes-internals.ts';

let core: Aedes;
beforeEach(async () => {
  core = new Aedes({ mq: noEmitter, persistence: new NoPersistence() });
  await core.listen();
});
afterEach(() => new Promise<void>((resolve) => core.close(resolve)));

test('Aedes still has what the broker overrides in it', () => {
  for (const name of ['publish', 'scheduleSessionExpiry', 'scheduleWill', 'publishWill', 'registerClient'])
    expect(typeof (core as unknown as Record<string, unknown>)[name]).toBe('function');
});

test("Aedes' client still has what the broker reads and sets", () => {
  const stream = new Duplex({ read() {}, write: (_chunk, _encoding, done) => done() });
  const client = core.handle(stream) as unknown as Record<string, unknown>;
  const fields = ['id', 'version', 'conn', 'closed', 'connected', 'sessionExpiryInterval', '_disconnected'];
  for (const name of [...fields, '_keepaliveInterval', '_keepaliveTimer', '_parser'])
    expect(client).toHaveProperty(name);
  for (const name of ['disconnect', 'close']) expect(typeof client[name]).toBe('function');
  expect(client.conn).toBe(stream);
  stream.destroy();
});
