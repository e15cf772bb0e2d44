import { join } from 'node:path';
import { type Appliance, createSource, type SourceAccess, storedTimes } from './appliance.ts';
import { median, type Results } from './lib.ts';
import { processUse, startProcess } from './process.ts';
import type { Order, Report } from './publisher.ts';

const CLIENTS = 4;
const ROUNDS = 5;
const MESSAGES = Number(process.env.BENCH_MESSAGES ?? 10_000);
const INFLIGHT = 500;
/** A last round is so many times as long: more than what a burst may leave to the database for later. */
const FLOOD = 5;
/** Readings of the past, a round apart from each other. */
const FIRST_TIME = Date.UTC(2024, 0, 1);
const ROUND_MS = 3_600_000;

export interface Publisher {
  publish(order: Order): Promise<Report>;
  stop(): Promise<void>;
}

export async function startPublisher(): Promise<Publisher> {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'publisher.ts')], {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const lines = readLines(child.stdout);
  await lines.next();
  return {
    publish: async (order) => {
      child.stdin.write(`${JSON.stringify(order)}\n`);
      await child.stdin.flush();
      const { value } = await lines.next();
      if (value === undefined) throw new Error('the publisher ended');
      return JSON.parse(value) as Report;
    },
    stop: async () => {
      child.kill();
      await child.exited;
    },
  };
}

async function* readLines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, undefined> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  return undefined;
}

/**
 * QoS 1 with every metric in the payload, publishers in a second process: a bare Aedes and Ampra in turn, so that
 * both meet the same machine. A long flood follows, in which the database must keep up. Afterwards every acknowledged reading must be in the database.
 */
export async function benchIngest(appliance: Appliance, results: Results): Promise<void> {
  const sources = await Promise.all(Array.from({ length: CLIENTS }, (_, i) => createSource(appliance, `Bench ${i}`)));
  const bare = await startProcess([process.execPath, join(import.meta.dir, 'bare-aedes.ts')]);
  const publisher = await startPublisher();
  const common = { messages: MESSAGES, inflight: INFLIGHT };
  const bareClients = sources.map((s) => ({ topic: s.mqttTopic }));
  const ampraClients = sources.map((s) => ({ topic: s.mqttTopic, username: s.id, password: s.mqttApiKey }));
  const bareUrl = `mqtt://127.0.0.1:${bare.line.split(' ')[1]}`;
  const rates = { bare: [] as number[], ampra: [] as number[] };
  const flood = { rate: 0, residentBytes: 0 };
  let lost = 0;
  try {
    // The first round of each only warms up.
    for (let round = 0; round <= ROUNDS; round++) {
      const firstTime = FIRST_TIME + round * ROUND_MS;
      // Ampra finishes its work in the database first, so that it does not slow the bare broker down.
      await untilIdle(appliance.pid);
      const b = await publisher.publish({ ...common, url: bareUrl, clients: bareClients, firstTime });
      const a = await publisher.publish({ ...common, url: appliance.mqttUrl, clients: ampraClients, firstTime });
      lost += a.failed;
      const [bareRate, ampraRate] = [b.acknowledged / b.seconds, a.acknowledged / a.seconds];
      console.log(`    round ${round}: bare ${Math.round(bareRate)}/s, Ampra ${Math.round(ampraRate)}/s`);
      if (round === 0) continue;
      rates.bare.push(bareRate);
      rates.ampra.push(ampraRate);
    }
    await untilIdle(appliance.pid);
    const { pid } = appliance;
    const watch = setInterval(() => {
      flood.residentBytes = Math.max(flood.residentBytes, processUse(pid).residentBytes);
    }, 100);
    const order = { ...common, messages: FLOOD * MESSAGES, firstTime: FIRST_TIME + (ROUNDS + 1) * ROUND_MS };
    const long = await publisher.publish({ ...order, url: appliance.mqttUrl, clients: ampraClients });
    clearInterval(watch);
    flood.rate = long.acknowledged / long.seconds;
    lost += long.failed;
  } finally {
    await publisher.stop();
    await bare.stop();
  }
  const ratios = rates.ampra.map((rate, i) => rate / (rates.bare[i] ?? Number.NaN));
  results.add('MQTT QoS 1, bare Aedes', median(rates.bare), 'messages/s', { atLeast: 0 });
  results.add('MQTT QoS 1, Ampra, durable', median(rates.ampra), 'readings/s', { atLeast: 15_000 });
  results.add('MQTT QoS 1, share of bare Aedes', median(ratios), '', { atLeast: 0.5 });
  results.add('MQTT QoS 1, long flood, the database keeping up', flood.rate, 'readings/s', { atLeast: 0 });
  results.add('MQTT QoS 1, long flood, resident', flood.residentBytes / 1e6, 'MB', { atMost: 500 });
  const missing = await missingReadings(appliance, sources);
  results.add('MQTT QoS 1, acknowledged but missing', missing + lost, 'readings', { exactly: 0 });
}

/** Waits, for at most a quarter of a minute, until the process uses less than a tenth of a core. */
async function untilIdle(pid: number): Promise<void> {
  for (let i = 0; i < 30; i++) {
    const before = processUse(pid).cpuSeconds;
    await Bun.sleep(500);
    if (processUse(pid).cpuSeconds - before < 0.05) return;
  }
}

async function missingReadings(appliance: Appliance, sources: readonly SourceAccess[]): Promise<number> {
  let missing = 0;
  for (const { id } of sources) {
    for (let round = 0; round <= ROUNDS + 1; round++) {
      const from = FIRST_TIME + round * ROUND_MS;
      const stored = new Set(await storedTimes(appliance, id, from, from + ROUND_MS));
      const count = round > ROUNDS ? FLOOD * MESSAGES : MESSAGES;
      for (let i = 0; i < count; i++) if (!stored.has(from + i)) missing++;
    }
  }
  return missing;
}
