import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import mqtt from 'mqtt';
import {
  type Appliance,
  createSource,
  prepareOwner,
  type SourceAccess,
  startAppliance,
  storedTimes,
} from '../../bench/appliance.ts';
import { fullReading } from '../../bench/payload.ts';
import { signBody } from '../../src/ingest/webhook-signature.ts';

/**
 * The first promise: what was acknowledged is never lost. The real process is killed with SIGKILL at a random moment
 * while devices publish at QoS 1 and 2 and a webhook posts; after the restart every acknowledged reading is there once.
 * TEST_KILLS sets the number of rounds.
 */
const ROUNDS = Number(process.env.TEST_KILLS ?? 3);
const FIRST_TIME = Date.UTC(2025, 0, 1);
const DAY_MS = 86_400_000;

let appliance: Appliance & { ports: { http: number; mqtt: number } };
let sources: { qos1: SourceAccess; qos2: SourceAccess; slow: SourceAccess; webhook: SourceAccess };

/** Gives every reading of a source its own time and remembers which were acknowledged. */
class Ledger {
  private next = FIRST_TIME;
  readonly sent = new Set<number>();
  readonly acknowledged = new Set<number>();
  reading(): { time: number; json: Record<string, unknown> } {
    const time = this.next++;
    this.sent.add(time);
    return { time, json: fullReading(time, time - FIRST_TIME) };
  }
}
const ledgers = { qos1: new Ledger(), qos2: new Ledger(), slow: new Ledger(), webhook: new Ledger() };

beforeAll(async () => {
  appliance = await startAppliance();
  await prepareOwner(appliance);
  sources = {
    qos1: await createSource(appliance, 'QoS 1'),
    qos2: await createSource(appliance, 'QoS 2'),
    slow: await createSource(appliance, 'One at a time'),
    webhook: await createSource(appliance, 'Webhook', 'webhook'),
  };
}, 60_000);

afterAll(async () => {
  await appliance?.stop('SIGKILL');
  appliance?.remove();
});

/** Publishes with `window` messages on their way until the connection breaks. */
async function publishUntilBroken(name: 'qos1' | 'qos2' | 'slow', qos: 1 | 2, window: number): Promise<void> {
  const { id, mqttApiKey, mqttTopic } = sources[name];
  const client = await mqtt.connectAsync(appliance.mqttUrl, {
    username: id,
    password: mqttApiKey,
    reconnectPeriod: 0,
    protocolVersion: qos === 2 ? 5 : 4,
  });
  client.on('error', () => {});
  const ledger = ledgers[name];
  await new Promise<void>((resolve) => {
    let open = 0;
    const more = () => {
      while (open < window && client.connected) {
        const { time, json } = ledger.reading();
        open++;
        client.publish(mqttTopic, JSON.stringify(json), { qos }, (error) => {
          open--;
          if (!error) ledger.acknowledged.add(time);
          if (client.connected) more();
        });
      }
    };
    client.on('close', () => resolve());
    more();
  });
  await client.endAsync(true).catch(() => {});
}

async function postUntilBroken(): Promise<void> {
  const ledger = ledgers.webhook;
  for (;;) {
    const readings = Array.from({ length: 20 }, () => ledger.reading());
    const body = new TextEncoder().encode(JSON.stringify(readings.map((r) => r.json)));
    const timestamp = String(Math.floor(Date.now() / 1000));
    const headers = {
      'content-type': 'application/json',
      'x-ampra-timestamp': timestamp,
      'x-ampra-signature': await signBody(sources.webhook.webhookSecret, timestamp, body),
    };
    const url = `${appliance.url}/hooks/${sources.webhook.id}`;
    const response = await fetch(url, { method: 'POST', body, headers }).catch(() => null);
    if (!response) return;
    if (response.status === 202) for (const { time } of readings) ledger.acknowledged.add(time);
  }
}

describe('after kill -9', () => {
  for (let round = 1; round <= ROUNDS; round++) {
    test(`every acknowledged reading is there, once (round ${round})`, async () => {
      const before = Object.values(ledgers).map((l) => l.acknowledged.size);
      const publishing = [
        publishUntilBroken('qos1', 1, 50),
        publishUntilBroken('qos2', 2, 20),
        publishUntilBroken('slow', 1, 1),
        postUntilBroken(),
      ];
      await Bun.sleep(300 + Math.random() * 1700);
      await appliance.stop('SIGKILL');
      await Promise.all(publishing);
      const { token, dataDir, ports } = appliance;
      appliance = await startAppliance({ dataDir, ports });
      appliance.token = token;

      const after = Object.values(ledgers).map((l) => l.acknowledged.size);
      for (const [i, count] of after.entries()) expect(count).toBeGreaterThan(before[i] ?? 0);
      for (const [name, ledger] of Object.entries(ledgers) as [keyof typeof ledgers, Ledger][]) {
        const stored = await storedTimes(appliance, sources[name].id, FIRST_TIME, FIRST_TIME + DAY_MS);
        const times = new Set(stored);
        expect(stored.length).toBe(times.size);
        expect([...ledger.acknowledged].filter((time) => !times.has(time))).toEqual([]);
        expect(stored.filter((time) => !ledger.sent.has(time))).toEqual([]);
      }
    }, 60_000);
  }
});
