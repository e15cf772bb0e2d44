import { expect } from 'bun:test';
import type { Scenario } from './scenario.ts';

const text = (messages: { text: string }[]) => messages.map((m) => m.text);

/** Scenarios for MQTT 3.1.1 and 5 alike. */
export const scenarios: readonly Scenario[] = [4, 5].flatMap((protocolVersion) => {
  const version = { protocolVersion: protocolVersion as 4 | 5 };
  const raw = { version: protocolVersion as 4 | 5 };
  const kept = {
    ...{ ...version, clean: false },
    ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: 99_999 } }),
  };
  const keptRaw = {
    ...{ ...raw, clean: false },
    ...(protocolVersion === 5 && { properties: { sessionExpiryInterval: 99_999 } }),
  };
  const forVersion: Scenario[] = [
    {
      name: 'one client publishes to itself at each QoS',
      run: async (house, { one, plain }) => {
        const { client, inbox } = await house.guest({ ...version, ...one });
        await client.subscribeAsync(plain, { qos: 2 });
        for (const qos of [0, 1, 2] as const) await client.publishAsync(plain, `qos ${qos}`, { qos });
        expect(text(await inbox.take(3)).sort()).toEqual(['qos 0', 'qos 1', 'qos 2']);
      },
    },
    {
      name: 'retained messages of each QoS come to a wildcard, and are taken away again',
      run: async (house, { one, two, under }) => {
        const { client } = await house.guest({ ...version, ...one });
        const names = ['fromb/qos 0', 'fromb/qos 1', 'fromb/qos2'].map(under);
        for (const [qos, topic] of names.entries())
          await client.publishAsync(topic, topic, { qos: qos as 0 | 1 | 2, retain: true });
        await client.publishAsync(under('end'), '', { qos: 1 });
        const later = await house.guest({ ...version, ...two });
        await later.client.subscribeAsync(under('fromb/+'), { qos: 2 });
        const got = await later.inbox.take(3);
        expect(got.map((m) => m.topic).sort()).toEqual(names);
        expect(got.every((m) => m.retain)).toBe(true);
        for (const topic of names) await client.publishAsync(topic, '', { qos: 1, retain: true });
        await later.inbox.take(3);
        const last = await house.guest(version);
        await last.client.subscribeAsync(under('fromb/+'), { qos: 2 });
        expect(await last.inbox.rest()).toEqual([]);
      },
    },
    {
      name: 'a will is told when its client breaks off',
      run: async (house, { one, two, other }) => {
        const will = { topic: other, payload: Buffer.from('client not disconnected') };
        const { client } = await house.guest({ ...version, ...one, will, keepalive: 2 });
        const watcher = await house.guest({ ...kept, ...two });
        await watcher.client.subscribeAsync(other, { qos: 2 });
        client.stream.destroy();
        expect(text(await watcher.inbox.take(1))).toEqual(['client not disconnected']);
        expect(await watcher.inbox.rest()).toEqual([]);
      },
    },
    {
      name: 'messages wait for a client that is away',
      run: async (house, { one, two, under, inner, other, third }) => {
        const first = await house.guest({ ...kept, ...one });
        await first.client.subscribeAsync(under('+/+'), { qos: 2 });
        await first.client.endAsync();
        const { client } = await house.guest({ ...version, ...two });
        for (const [qos, topic] of [inner, other, third].entries())
          await client.publishAsync(topic, `qos ${qos}`, { qos: qos as 0 | 1 | 2 });
        const back = await house.guest({ ...kept, ...one });
        // Messages at QoS 0 may wait too.
        const got = text([...(await back.inbox.take(2)), ...(await back.inbox.rest())]);
        expect(got.filter((t) => t !== 'qos 0')).toEqual(['qos 1', 'qos 2']);
      },
    },
    {
      name: 'overlapping subscriptions bring a message once at the highest QoS, or once for each',
      ...(protocolVersion === 4 && { ampraAlone: 'once, at the lower QoS' }),
      run: async (house, { one, third, topicA, allOfA }) => {
        const { client, inbox } = await house.guest({ ...version, ...one });
        await client.subscribeAsync({ [allOfA]: { qos: 2 }, [topicA]: { qos: 1 } });
        await client.publishAsync(third, 'overlapping topic filters', { qos: 2 });
        const got = await inbox.take(1);
        if (got[0]?.qos !== 2) got.push(...(await inbox.take(1)));
        expect(got.map((m) => m.qos).at(-1)).toBe(2);
      },
    },
    {
      name: 'a client that says nothing for too long is gone, and its will is told',
      run: async (house, { one, two, slashed }) => {
        const watcher = await house.guest({ ...version, ...two, keepalive: 0 });
        await watcher.client.subscribeAsync(slashed, { qos: 2 });
        const will = { topic: slashed, payload: Buffer.from('keepalive expiry'), qos: 0 as const, retain: false };
        await house.packets({ ...raw, ...one, will, keepalive: 1 });
        expect(text(await watcher.inbox.take(1, 10_000))).toEqual(['keepalive expiry']);
      },
    },
    {
      name: 'what a client did not answer comes again when it is back',
      run: async (house, { two, inner, third, allOfA }) => {
        const silent = await house.packets({ ...keptRaw, ...two });
        await silent.subscribe(allOfA, { qos: 2 });
        await silent.publish(inner, '', { qos: 1 });
        await silent.publish(third, '', { qos: 2 });
        expect(await silent.messages(2)).toHaveLength(2);
        await silent.leave();
        const back = await house.guest({ ...kept, ...two });
        const again = await back.inbox.take(2);
        expect(again.map((m) => [m.topic, m.dup])).toEqual([
          [inner, true],
          [third, true],
        ]);
      },
    },
    {
      name: 'topics that begin with $ are not what wildcards mean',
      run: async (house, { two, under, inner }) => {
        const { client, inbox } = await house.guest({ ...version, ...two });
        await client.subscribeAsync([under('+/+'), '+/+/+', '#'], { qos: 2 });
        await client.publishAsync(`$${inner}`, 'x', { qos: 1 }).catch(() => {});
        await client.publishAsync(inner, 'shown', { qos: 1 });
        await inbox.take(1);
        await client.publishAsync(inner, 'shown', { qos: 1 });
        const got = [...(await inbox.take(1)), ...(await inbox.rest())].filter((m) => m.topic.endsWith(inner));
        expect(new Set(text(got))).toEqual(new Set(['shown']));
      },
    },
    {
      name: 'after unsubscribing nothing comes',
      run: async (house, { one, two, plain, inner, other }) => {
        const { client, inbox } = await house.guest({ ...version, ...two });
        for (const topic of [plain, inner, other]) await client.subscribeAsync(topic, { qos: 2 });
        await client.unsubscribeAsync(plain);
        const sender = await house.guest({ ...version, ...one });
        for (const topic of [plain, inner, other]) await sender.client.publishAsync(topic, topic, { qos: 1 });
        expect(text(await inbox.take(2))).toEqual([inner, other]);
        expect(await inbox.rest()).toEqual([]);
      },
    },
    {
      name: 'a burst of five thousand numbers at QoS 1 arrives whole and in order',
      run: async (house, { one, two, under }) => {
        const watcher = await house.guest({ ...version, ...two });
        await watcher.client.subscribeAsync(under('bench/#'), { qos: 0 });
        const { client } = await house.guest({ ...version, ...one });
        const count = 5000;
        const sent = Array.from({ length: count }, (_, i) =>
          client.publishAsync(under('bench/number'), `${i}`, { qos: 1 }),
        );
        await Promise.all(sent);
        expect(text(await watcher.inbox.take(count, 20_000))).toEqual(Array.from({ length: count }, (_, i) => `${i}`));
      },
    },
  ];
  return forVersion.map((scenario) => ({ ...scenario, name: `${scenario.name} (${protocolVersion})` }));
});
