import { afterEach, describe, expect, test } from 'bun:test';
import { Inbox, TestBroker } from './testing/test-broker.ts';

let open: TestBroker | null = null;
const start = async (options: ConstructorParameters<typeof TestBroker>[0] = {}) => {
  open = await new TestBroker(options).start();
  return open;
};
afterEach(async () => {
  await open?.[Symbol.asyncDispose]();
  open = null;
});

describe('topic spaces', () => {
  test("two owners' topics never meet, retained ones included", async () => {
    const broker = await start();
    const anna = await broker.client({ owner: 'anna' });
    const ben = await broker.client({ owner: 'ben' });
    const [toAnna, toBen] = [new Inbox(anna), new Inbox(ben)];
    await anna.publishAsync('solar/state', "anna's", { qos: 1, retain: true });
    await anna.subscribeAsync('#', { qos: 1 });
    await ben.subscribeAsync('#', { qos: 1 });
    await ben.publishAsync('solar/power', "ben's", { qos: 1 });
    expect((await toAnna.take(1)).map((m) => m.text)).toEqual(["anna's"]);
    expect((await toBen.take(1)).map((m) => m.text)).toEqual(["ben's"]);
    expect([...(await toAnna.rest()), ...(await toBen.rest())]).toEqual([]);
  });

  test('anonymous clients have a space of their own', async () => {
    const broker = await start();
    const anna = await broker.client({ owner: 'anna' });
    const guest = broker.connectLater({ username: undefined as never, password: undefined as never });
    await guest.connack;
    const [toAnna, toGuest] = [new Inbox(anna), new Inbox(guest.client)];
    await anna.subscribeAsync('#');
    await guest.client.subscribeAsync('#');
    await guest.client.publishAsync('x', 'from the guest', { qos: 1 });
    await anna.publishAsync('y', 'from anna', { qos: 1 });
    expect((await toGuest.take(1))[0]?.text).toBe('from the guest');
    expect((await toAnna.take(1))[0]?.text).toBe('from anna');
  });

  test("two owners' clients of the same id do not take each other over", async () => {
    const broker = await start();
    const anna = await broker.client({ owner: 'anna', clientId: 'esp32' });
    const ben = await broker.client({ owner: 'ben', clientId: 'esp32' });
    await Bun.sleep(100);
    expect([anna.connected, ben.connected]).toEqual([true, true]);
    expect(broker.broker.clients().map((c) => c.clientId)).toEqual(['esp32', 'esp32']);
  });

  test('what Ampra publishes reaches the owner alone', async () => {
    const broker = await start();
    const anna = await broker.client({ owner: 'anna' });
    const ben = await broker.client({ owner: 'ben' });
    const [toAnna, toBen] = [new Inbox(anna), new Inbox(ben)];
    await anna.subscribeAsync('ampra/#');
    await ben.subscribeAsync('ampra/#');
    await broker.broker.publish('anna', 'ampra/s1/latest', '{"solarPower":1}', { retain: true });
    expect((await toAnna.take(1))[0]?.text).toBe('{"solarPower":1}');
    expect(await toBen.rest()).toEqual([]);
  });

  test('nobody sees $SYS', async () => {
    const broker = await start();
    const client = await broker.client({ protocolVersion: 5 });
    const inbox = new Inbox(client);
    await client.subscribeAsync('#');
    const refused = (error: { packet: { granted: number[] } }) => error.packet.granted;
    expect(await client.subscribeAsync('$SYS/#').catch(refused)).toEqual([0x87]);
    await broker.client();
    expect(await inbox.rest()).toEqual([]);
  });

  test('a message is not delivered to who may not receive it, however wide the filter', async () => {
    const broker = await start({ policy: { mayReceive: (_, topic) => topic !== 'private' } });
    const client = await broker.client();
    const inbox = new Inbox(client);
    await broker.broker.publish('anna', 'private', 'old', { retain: true });
    await client.subscribeAsync('#', { qos: 1 });
    await broker.broker.publish('anna', 'private', 'new');
    await broker.broker.publish('anna', 'public', 'yes');
    expect((await inbox.take(1))[0]?.topic).toBe('public');
    expect(await inbox.rest()).toEqual([]);
  });

  test('forgetting an owner ends connections and sessions and removes retained messages', async () => {
    const broker = await start();
    const kept = { clientId: 'kept', clean: false, owner: 'anna' };
    const anna = await broker.client(kept);
    await anna.subscribeAsync('#', { qos: 1 });
    await anna.publishAsync('state', 'on', { qos: 1, retain: true });
    const gone = new Promise<void>((resolve) => anna.once('close', () => resolve()));
    broker.broker.forgetOwner('anna');
    await gone;
    const again = broker.connectLater(kept);
    expect((await again.connack).sessionPresent).toBe(false);
    const inbox = new Inbox(again.client);
    await again.client.subscribeAsync('#');
    expect(await inbox.rest()).toEqual([]);
  });
});
