import { afterEach, expect, test } from 'bun:test';
import { networkInterfaces } from 'node:os';
import { MqttLinks } from './link.mqtt.ts';
import type { LinkTarget } from './ports.ts';
import type { Trouble } from './trouble.ts';

const listeners: Bun.TCPSocketListener<undefined>[] = [];
afterEach(() => {
  for (const listener of listeners.splice(0)) listener.stop(true);
});

/** Something on this machine that counts who comes. */
function listen(hostname: string): { port: number; visits: () => number } {
  let visits = 0;
  const open = () => {
    visits++;
  };
  const listener = Bun.listen<undefined>({ hostname, port: 0, socket: { open, data: () => undefined } });
  listeners.push(listener);
  return { port: listener.port, visits: () => visits };
}

function openAs(mayGoAnywhere: boolean, host: string, port: number): Promise<Trouble> {
  const { promise, resolve } = Promise.withResolvers<Trouble>();
  const where = { host, port, usesTls: false, verifiesCertificate: true, authorityPem: null };
  const target: LinkTarget = { ...where, userName: '', password: null, clientId: 'x', resumes: false, mayGoAnywhere };
  const events = { onUp: () => undefined, onMessage: () => undefined, onDown: resolve };
  new MqttLinks({ connectMs: 300 }).open(target, events);
  return promise;
}

const spellings = ['127.0.0.1', '127.1.2.3', 'localhost', '2130706433', '0x7f.1', '0', '0.0.0.0', '::ffff:127.0.0.1'];
spellings.push('0000:0000:0000:0000:0000:ffff:7f00:0001', '::0:ffff:7f00:1', '::', '::1');

test('no spelling of this machine is reached for a User, and not even knocked at', async () => {
  const { port, visits } = listen('0.0.0.0');
  for (const host of spellings)
    expect({ host, ...(await openAs(false, host, port)) }).toEqual({ host, code: 'guarded' });
  expect(visits()).toBe(0);
});

test('whoever looks after the appliance reaches it', async () => {
  const { port, visits } = listen('127.0.0.1');
  await openAs(true, '127.0.0.1', port);
  expect(visits()).toBeGreaterThan(0);
});

const ownInHouse = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .filter(({ internal, address }) => !internal && !address.startsWith('fe80'));

test.skipIf(ownInHouse.length === 0)('the address of this machine in the house is this machine too', async () => {
  const { port, visits } = listen('0.0.0.0');
  for (const { address } of ownInHouse) expect((await openAs(false, address, port)).code).toBe('guarded');
  expect(visits()).toBe(0);
});
