import mqtt from 'mqtt';
import { type Appliance, api, createSource, type SourceAccess } from '../../bench/appliance.ts';
import { signBody } from '../../src/ingest/webhook/webhook-signature.ts';
import { Ledger, timeAt } from './ledger.ts';

export const names = ['qos1', 'qos2', 'slow', 'webhook'] as const;
export type Name = (typeof names)[number];

/** A device with its source, and what it sent. */
export interface Device {
  name: Name;
  source: SourceAccess;
  ledger: Ledger;
}

/** The house that every fault test has: many at once at QoS 1 and 2, one that waits for each answer, one webhook. */
export async function createDevices(appliance: Appliance): Promise<Device[]> {
  const devices: Device[] = [];
  for (const name of names) {
    const source = await createSource(appliance, name, name === 'webhook' ? 'webhook' : 'mqtt');
    devices.push({ name, source, ledger: new Ledger() });
  }
  return devices;
}

export interface Sending {
  /** Called with the number of readings that were acknowledged together. */
  onAcknowledged?: (device: Device, times: readonly number[]) => void;
  /** Stop sending; what is on its way may still be answered. */
  signal?: AbortSignal;
  /** Readings a device sends at most. */
  most?: number;
}

/** Sends until the connection breaks or the signal says stop. */
export async function send(device: Device, appliance: Appliance, sending: Sending = {}): Promise<void> {
  if (device.name === 'webhook') await post(device, appliance, sending);
  else await publish(device, appliance, sending);
}

const ways = { qos1: { qos: 1, window: 50 }, qos2: { qos: 2, window: 20 }, slow: { qos: 1, window: 1 } } as const;

async function publish(device: Device, appliance: Appliance, sending: Sending): Promise<void> {
  const { source, ledger, name } = device;
  const { qos, window } = ways[name as Exclude<Name, 'webhook'>];
  const client = await mqtt
    .connectAsync(
      appliance.mqttUrl,
      {
        ...{ username: source.id, password: source.mqttApiKey, reconnectPeriod: 0, connectTimeout: 5000 },
        protocolVersion: qos === 2 ? 5 : 4,
      },
      // Else a connection that closes before its answer is neither made nor refused, and waited for without end.
      false,
    )
    .catch(() => null);
  if (!client) return;
  client.on('error', () => {});
  const last = ledger.sent + (sending.most ?? Number.POSITIVE_INFINITY);
  await new Promise<void>((resolve) => {
    let open = 0;
    const mayGoOn = () => client.connected && !sending.signal?.aborted && ledger.sent < last;
    const more = () => {
      while (open < window && mayGoOn()) {
        const { time, json } = ledger.reading();
        open++;
        client.publish(source.mqttTopic, JSON.stringify(json), { qos }, (error) => {
          open--;
          if (!error) acknowledge(device, [time], sending);
          if (mayGoOn()) more();
          else if (open === 0) resolve();
        });
      }
    };
    client.on('close', () => resolve());
    // It may have closed before anybody listened.
    if (client.connected) more();
    else resolve();
  });
  await client.endAsync(true).catch(() => {});
}

async function post(device: Device, appliance: Appliance, sending: Sending): Promise<void> {
  const { source, ledger } = device;
  const last = ledger.sent + (sending.most ?? Number.POSITIVE_INFINITY);
  while (!sending.signal?.aborted && ledger.sent < last) {
    const readings = Array.from({ length: 20 }, () => ledger.reading());
    const status = await postOnce(appliance, source, JSON.stringify(readings.map((r) => r.json)));
    if (status === null) return;
    const times = readings.map((r) => r.time);
    if (status === 202) acknowledge(device, times, sending);
  }
}

/** The status of the answer; null when there was none. */
export async function postOnce(appliance: Appliance, source: SourceAccess, text: string): Promise<number | null> {
  const body = new TextEncoder().encode(text);
  const timestamp = String(Math.floor(Date.now() / 1000));
  const headers = {
    'content-type': 'application/json',
    'x-ampra-timestamp': timestamp,
    'x-ampra-signature': await signBody(source.webhookSecret, timestamp, body),
  };
  const response = await fetch(`${appliance.url}/hooks/${source.id}`, { method: 'POST', body, headers }).catch(
    () => null,
  );
  // An answer that was cut off in its middle is none.
  return response === null
    ? null
    : await response
        .text()
        .then(() => response.status)
        .catch(() => null);
}

function acknowledge(device: Device, times: readonly number[], sending: Sending): void {
  for (const time of times) device.ledger.acknowledge(time);
  sending.onAcknowledged?.(device, times);
}

/** What the appliance has stored of a device, from its `from`th reading to its `to`th (exclusive). */
export async function storedOf(
  device: Device,
  appliance: Appliance,
  from = 0,
  to = device.ledger.sent,
): Promise<{ time: number; solarPower: number }[]> {
  await untilAllCameBack(appliance);
  const stored: { time: number; solarPower: number }[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      from: new Date(timeAt(from)).toISOString(),
      to: new Date(timeAt(to + 1000)).toISOString(),
      ...{ limit: '10000', ...(cursor !== null && { cursor }) },
    });
    const page: { items: { time: string; values: { solarPower: number } }[]; nextCursor: string | null } = await api(
      appliance,
      `/sources/${device.source.id}/readings?${query}`,
    );
    for (const { time, values } of page.items)
      stored.push({ time: Date.parse(time), solarPower: Number(values.solarPower) });
    cursor = page.nextCursor;
  } while (cursor !== null);
  return stored;
}

/** An appliance serves already while the rest of what it was told before comes back from its journal. */
async function untilAllCameBack({ url }: Appliance): Promise<void> {
  for (let i = 0; i < 2400; i++) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    if (/^ampra_journal_replaying 0$/m.test(metrics)) return;
    await Bun.sleep(25);
  }
  throw new Error('the journal was not replayed within a minute');
}
