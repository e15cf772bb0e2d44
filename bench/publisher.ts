import mqtt from 'mqtt';
import { fullPayload, tenMetrics } from './payload.ts';

/**
 * The second process of the benchmarks: publishes at QoS 1 and says what was acknowledged. Reads one order a line on
 * stdin and answers one line on stdout.
 */
export interface Order {
  url: string;
  clients: { username?: string; password?: string; topic: string }[];
  /** Messages a client. */
  messages: number;
  /** Unacknowledged at a time, a client. */
  inflight: number;
  /** Time of the first reading; each further one is a millisecond later. */
  firstTime: number;
  /** Every metric of the catalogue (the default), or ten. */
  payload?: 'full' | 'ten';
  /** Messages a second and client; as fast as it goes when absent. */
  perSecond?: number;
}

export interface Report {
  acknowledged: number;
  failed: number;
  seconds: number;
}

async function carryOut(order: Order): Promise<Report> {
  const payloadOf = order.payload === 'ten' ? tenMetrics : fullPayload;
  const batches = order.clients.map(() =>
    order.perSecond ? [] : Array.from({ length: order.messages }, (_, i) => payloadOf(order.firstTime + i, i)),
  );
  const clients = await Promise.all(
    order.clients.map(({ username, password }) =>
      mqtt.connectAsync(order.url, {
        protocolVersion: 4,
        ...(username !== undefined && { username }),
        ...(password !== undefined && { password }),
      }),
    ),
  );
  const startedAt = performance.now();
  const counts = await Promise.all(
    clients.map((client, i) =>
      order.perSecond
        ? publishSteadily(client, order, i)
        : publishFast(client, order.clients[i]?.topic ?? '', batches[i] ?? [], order.inflight),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await Promise.all(clients.map((client) => client.endAsync()));
  const acknowledged = counts.reduce((sum, n) => sum + n, 0);
  return { acknowledged, failed: order.messages * clients.length - acknowledged, seconds };
}

function publishFast(client: mqtt.MqttClient, topic: string, payloads: Buffer[], inflight: number): Promise<number> {
  return new Promise((resolve) => {
    let next = 0;
    let open = 0;
    let acknowledged = 0;
    const more = () => {
      while (open < inflight && next < payloads.length) {
        open++;
        client.publish(topic, payloads[next++] as Buffer, { qos: 1 }, (error) => {
          open--;
          if (!error) acknowledged++;
          if (next < payloads.length) more();
          else if (open === 0) resolve(acknowledged);
        });
      }
    };
    more();
  });
}

/** Devices that report on their own beat: each starts at another part of the interval. */
async function publishSteadily(client: mqtt.MqttClient, order: Order, place: number): Promise<number> {
  const interval = 1000 / (order.perSecond ?? 1);
  const topic = order.clients[place]?.topic ?? '';
  await Bun.sleep((interval * place) / order.clients.length);
  const beganAt = performance.now();
  const payloadOf = order.payload === 'ten' ? tenMetrics : fullPayload;
  const answers: Promise<boolean>[] = [];
  for (let i = 0; i < order.messages; i++) {
    const payload = payloadOf(Date.now(), i);
    answers.push(
      client.publishAsync(topic, payload, { qos: 1 }).then(
        () => true,
        () => false,
      ),
    );
    await Bun.sleep(Math.max(0, beganAt + (i + 1) * interval - performance.now()));
  }
  return (await Promise.all(answers)).filter(Boolean).length;
}

console.log('ready');
for await (const line of console) console.log(JSON.stringify(await carryOut(JSON.parse(line) as Order)));
