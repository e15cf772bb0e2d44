import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Appliance, createSource, prepareOwner, type SourceAccess, startAppliance } from './appliance.ts';
import { startPublisher } from './ingest.ts';
import type { Results } from './lib.ts';
import type { Filled, FillOrder } from './scale-fill.ts';

/** `BENCH_SCALE_SHARE` (0 to 1) shortens the pasts, for a try. */
const SHARE = Number(process.env.BENCH_SCALE_SHARE ?? 1);
const DAY_MS = 86_400_000;
const YEARS_MS = 3652 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
const DENSE_SOURCES = 10;
/** Readings a second that come in beside what is done: a little more than 100, since each order ends with a wait for its last answers. */
const LIVE_PER_SECOND = 106;
const ORDER_S = 20;
/** What `createSource` says of a source. */
const facts = { timeZone: 'Europe/Berlin', installedCapacityW: 8000 };

/** A folder to fill, or to ask again when it is filled already; it stays. A new one that goes when absent. */
const FOLDER = process.env.BENCH_SCALE_FOLDER;

/** What is known of a filled folder, and kept in it. */
export interface Scene {
  dataDir: string;
  token: string;
  sources: SourceAccess[];
}

/** Fills a folder, unless it is filled already, and does something with it. */
export async function withScene(results: Results, work: (scene: Scene) => Promise<void>): Promise<void> {
  const dataDir = FOLDER ?? mkdtempSync(join(tmpdir(), 'ampra-scale-'));
  mkdirSync(dataDir, { recursive: true });
  const kept = join(dataDir, 'scene.json');
  try {
    let scene: Scene;
    if (existsSync(kept)) scene = { ...(JSON.parse(readFileSync(kept, 'utf8')) as Scene), dataDir };
    else {
      scene = await prepare(dataDir);
      addFilled(await fill(scene), dataDir, results);
      writeFileSync(kept, JSON.stringify(scene));
    }
    await work(scene);
  } finally {
    if (!FOLDER) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function prepare(dataDir: string): Promise<Scene> {
  const appliance = await startAppliance({ dataDir });
  try {
    await prepareOwner(appliance);
    const sources: SourceAccess[] = [];
    for (let i = 0; i <= DENSE_SOURCES; i++)
      sources.push(await createSource(appliance, i === 0 ? 'Old' : `Dense ${i}`));
    return { dataDir, token: appliance.token, sources };
  } finally {
    await appliance.stop();
  }
}

async function fill({ dataDir, sources }: Scene): Promise<Filled> {
  const to = Math.floor(Date.now() / 60_000) * 60_000;
  const order: FillOrder = {
    ...{ dataDir, ...facts },
    sources: sources.map(({ id }, i) =>
      i === 0
        ? { id, from: to - Math.round(SHARE * YEARS_MS), to, intervalMs: 60_000 }
        : { id, from: to - Math.round(SHARE * YEAR_MS), to, intervalMs: 10_000 },
    ),
  };
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'scale-fill.ts'), JSON.stringify(order)], {
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error('filling failed');
  return JSON.parse(text) as Filled;
}

function addFilled(filled: Filled, dataDir: string, results: Results): void {
  const bytes = ['telemetry.duckdb', 'telemetry.duckdb.wal', 'archive.db', 'archive.db-wal']
    .map((name) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0)
    .reduce((sum, size) => sum + size, 0);
  const { values, seconds, readings } = filled;
  results.add('Scale: bulk import', values / seconds, 'values/s', { atLeast: 1_000_000 });
  const perCpuSecond = Math.round(values / filled.cpuSeconds);
  console.log(
    `    ${readings} readings in ${Math.round(seconds)} s, ${perCpuSecond} values for each second of processor time`,
  );
  results.add('Scale: bulk import, peak memory', filled.peakBytes / 1e6, 'MB', { atMost: 500 });
  results.add('Scale: on disk, a reading of ten metrics', bytes / readings, 'B', { atMost: 20 });
}

/** Lets all sources but the first report while something is done; gives how many readings a second came in. */
export async function whileFed(
  appliance: Appliance,
  [, ...dense]: readonly SourceAccess[],
  work: () => Promise<void>,
): Promise<number> {
  const publisher = await startPublisher();
  try {
    const perSecond = LIVE_PER_SECOND / dense.length;
    let isOver = false;
    const feed = async () => {
      const clients = dense.map((s) => ({ topic: s.mqttTopic, username: s.id, password: s.mqttApiKey }));
      const order = { url: appliance.mqttUrl, clients, inflight: 1, firstTime: 0, perSecond, payload: 'ten' as const };
      let [acknowledged, seconds] = [0, 0];
      while (!isOver) {
        const report = await publisher.publish({ ...order, messages: Math.round(ORDER_S * perSecond) });
        acknowledged += report.acknowledged;
        seconds += report.seconds;
      }
      return acknowledged / seconds;
    };
    const fed = feed();
    await work();
    isOver = true;
    return await fed;
  } finally {
    await publisher.stop();
  }
}
