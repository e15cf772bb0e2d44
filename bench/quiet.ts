import { type Appliance, createSource } from './appliance.ts';
import { startPublisher } from './ingest.ts';
import type { Results } from './lib.ts';
import { processUse } from './process.ts';

const DEVICES = 10;
/** Until the start has settled and the first flush is through. */
const SETTLE_S = 15;
const SECONDS = Number(process.env.BENCH_QUIET_SECONDS ?? 120);

/** A house: ten devices at one reading a second, every metric in each. What does it cost? */
export async function benchQuietHouse(appliance: Appliance, results: Results): Promise<void> {
  const sources = await Promise.all(Array.from({ length: DEVICES }, (_, i) => createSource(appliance, `Device ${i}`)));
  const publisher = await startPublisher();
  try {
    const messages = SETTLE_S + SECONDS + 2;
    const clients = sources.map((s) => ({ topic: s.mqttTopic, username: s.id, password: s.mqttApiKey }));
    const order = { url: appliance.mqttUrl, clients, messages, inflight: 1, firstTime: 0, perSecond: 1 };
    const published = publisher.publish(order);
    await Bun.sleep(SETTLE_S * 1000);
    const before = processUse(appliance.pid);
    let resident = before.residentBytes;
    for (let s = 0; s < SECONDS; s++) {
      await Bun.sleep(1000);
      resident = Math.max(resident, processUse(appliance.pid).residentBytes);
    }
    const after = processUse(appliance.pid);
    const readings = DEVICES * SECONDS;
    const cpu = (100 * (after.cpuSeconds - before.cpuSeconds)) / SECONDS;
    results.add('Ten devices at 1/s, processor', cpu, '% of a core', { atMost: 10 });
    results.add('Ten devices at 1/s, resident', resident / 1e6, 'MB', { atMost: 250 });
    const written = (after.writtenBytes - before.writtenBytes) / readings;
    results.add('Ten devices at 1/s, written to disk', written, 'bytes/reading', { atMost: 1500 });
    await published;
  } finally {
    await publisher.stop();
  }
}
