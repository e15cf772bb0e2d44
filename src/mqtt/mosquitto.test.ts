import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { TestBroker } from './testing/test-broker.ts';

const isThere = Bun.which('mosquitto_pub') !== null && Bun.which('mosquitto_sub') !== null;
const name = isThere
  ? 'mosquitto_pub and mosquitto_sub'
  : 'mosquitto_pub and mosquitto_sub (skipped: not installed; apt-get install mosquitto-clients)';

let broker: TestBroker;
let subscriptions = 0;
beforeEach(async () => {
  subscriptions = 0;
  const maySubscribe = () => ++subscriptions > 0;
  broker = await new TestBroker({ policy: { maySubscribe } }).start();
});
afterEach(() => broker[Symbol.asyncDispose]());

const common = (version: string) => {
  const login = ['-u', 'anna/s1', '-P', 'good', '-V', version];
  return ['-h', '127.0.0.1', '-p', String(broker.port), ...login];
};
const run = async (command: string, version: string, args: string[]) => {
  const child = Bun.spawn([command, ...common(version), ...args], { stdout: 'pipe', stderr: 'pipe' });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  return { code: await child.exited, out, err };
};
const subscribe = (version: string, args: string[]) => run('mosquitto_sub', version, ['-W', '20', ...args]);
const isSubscribed = async () => {
  for (let i = 0; subscriptions === 0 && i < 1000; i++) await Bun.sleep(10);
};
const publish = (version: string, args: string[]) => run('mosquitto_pub', version, args);

describe.skipIf(!isThere)(name, () => {
  for (const version of ['mqttv31', 'mqttv311', 'mqttv5'])
    for (const qos of ['0', '1', '2'])
      test(`${version} at QoS ${qos}: published is received`, async () => {
        const receiving = subscribe(version, ['-t', 'a/#', '-q', qos, '-C', '1', '-v']);
        await isSubscribed();
        expect((await publish(version, ['-t', 'a/b', '-m', 'hello', '-q', qos])).code).toBe(0);
        expect((await receiving).out).toBe('a/b hello\n');
      });

  for (const version of ['mqttv311', 'mqttv5']) {
    test(`${version}: a retained message is received by a later subscriber`, async () => {
      await publish(version, ['-t', 'state', '-m', 'on', '-r', '-q', '1']);
      expect((await subscribe(version, ['-t', 'state', '-C', '1'])).out).toBe('on\n');
    });

    test(`${version}: a kept session is caught up`, async () => {
      const session = ['-t', 'news', '-q', '1', '-i', 'kept', '-c', ...(version === 'mqttv5' ? ['-x', '60'] : [])];
      await subscribe(version, [...session, '-E']);
      await publish(version, ['-t', 'news', '-m', 'one', '-q', '1']);
      expect((await subscribe(version, [...session, '-C', '1'])).out).toBe('one\n');
    });

    test(`${version}: a thousand lines at QoS 1 all arrive`, async () => {
      const child = Bun.spawn(['mosquitto_pub', ...common(version), '-t', 'lines', '-q', '1', '-l'], { stdin: 'pipe' });
      for (let i = 0; i < 1000; i++) child.stdin.write(`${i}\n`);
      await child.stdin.end();
      expect(await child.exited).toBe(0);
      expect(new Set(broker.received.map((r) => r.payload)).size).toBe(1000);
    });

    test(`${version}: a wrong key is named`, async () => {
      const { code, err } = await publish(version, ['-P', 'bad', '-t', 'a', '-m', 'x']);
      expect(code).not.toBe(0);
      expect(err).toMatch(/bad user name or password/i);
    });
  }

  test('mqttv5: properties are forwarded', async () => {
    const receiving = subscribe('mqttv5', ['-t', 'p', '-C', '1', '-F', '%C %R %D']);
    await isSubscribed();
    const properties = [
      'content-type',
      'text/plain',
      '-D',
      'publish',
      'response-topic',
      'r',
      '-D',
      'publish',
      'correlation-data',
      'c',
    ];
    await publish('mqttv5', ['-t', 'p', '-m', 'x', '-D', 'publish', ...properties]);
    expect((await receiving).out.trim()).toBe('text/plain r c');
  });
});
