import { afterEach, expect, test } from 'bun:test';
import { ok } from '../core/result.ts';
import { connectPacket, RawClient } from './testing/raw-client.ts';
import { TestBroker } from './testing/test-broker.ts';

let open: TestBroker | null = null;
afterEach(async () => {
  await open?.[Symbol.asyncDispose]();
  open = null;
});

/** A broker that takes its time to check a login, which it does at the beginning of that time. */
async function slowBroker() {
  open = await new TestBroker({
    policy: {
      authenticate: async ({ username = '' }) => {
        await Bun.sleep(100);
        return ok({ kind: 'token', ownerId: 'anna', canWrite: true, tokenId: username });
      },
    },
  }).start();
  return open;
}

test('a token that is revoked while its login is looked at does not get in, another does', async () => {
  const { broker, port } = await slowBroker();
  const [lost, good] = await Promise.all([RawClient.open(port), RawClient.open(port)]);
  lost.send(connectPacket({ clientId: 'a', user: 'lost', password: 'x' }));
  good.send(connectPacket({ clientId: 'b', user: 'good', password: 'x' }));
  await Bun.sleep(40);
  broker.disconnectToken('lost');
  expect((await lost.next(2)).body[1]).not.toBe(0);
  await lost.closed();
  expect((await good.next(2)).body[1]).toBe(0);
  expect(broker.clients().map((client) => client.clientId)).toEqual(['b']);
  good.end();
});
