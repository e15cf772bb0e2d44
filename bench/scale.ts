import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Appliance, api, createSource, prepareOwner, type SourceAccess, startAppliance } from './appliance.ts';
import { startPublisher } from './ingest.ts';
import { median, quantile, type Results } from './lib.ts';
import { peakBytes, processUse } from './process.ts';
import type { Filled, FillOrder } from './scale-fill.ts';
import { askAfterNewRules } from './scale-rules.ts';

/**
 * Ten years of one source at a minute, and ten sources for a year at ten seconds: filled in bulk, opened, and asked over
 * HTTP while devices go on reporting. `BENCH_SCALE_SHARE` (0 to 1) shortens both pasts, for a try.
 */
const SHARE = Number(process.env.BENCH_SCALE_SHARE ?? 1);
const DAY_MS = 86_400_000;
const YEARS_MS = 3652 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
const DENSE_SOURCES = 10;
/** Readings a second that come in beside the questions. */
const LIVE_PER_SECOND = 100;
const STARTS = 5;
/** Times each question is asked; the first answer is told by itself. */
const ASKED = 60;
/** What `createSource` says of a source. */
const facts = { timeZone: 'Europe/Berlin', installedCapacityW: 8000 };
const lines = 'solarPower,loadPower,gridPower,stateOfCharge';

/** A folder to fill, or to ask again when it is filled already; it stays. A new one that goes when absent. */
const FOLDER = process.env.BENCH_SCALE_FOLDER;

/** What is known of a filled folder, and kept in it. */
interface Scene {
  dataDir: string;
  token: string;
  sources: SourceAccess[];
}

export async function benchScale(results: Results): Promise<void> {
  const dataDir = FOLDER ?? mkdtempSync(join(tmpdir(), 'ampra-scale-'));
  const kept = join(dataDir, 'scene.json');
  try {
    let scene: Scene;
    if (existsSync(kept)) scene = JSON.parse(readFileSync(kept, 'utf8')) as Scene;
    else {
      scene = await prepare(dataDir);
      addFilled(await fill(scene), dataDir, results);
      writeFileSync(kept, JSON.stringify(scene));
    }
    const appliance = await timeStarts(scene, results);
    try {
      await askWhileFed(appliance, scene.sources, results);
    } finally {
      await appliance.stop();
    }
    await askAfterNewRules(scene.dataDir, scene.token, results);
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

/** Starts it several times over; the last one goes on. */
async function timeStarts({ dataDir, token }: Scene, results: Results): Promise<Appliance> {
  const times: number[] = [];
  for (let i = 1; ; i++) {
    const again = await startAppliance({ dataDir });
    times.push(again.readyMs);
    if (i === STARTS) {
      results.add('Scale: ready to serve', median(times), 'ms', { atMost: 1500 });
      console.log(`    first ${Math.round(times[0] ?? 0)} ms`);
      again.token = token;
      return again;
    }
    await again.stop();
  }
}

async function askWhileFed(appliance: Appliance, sources: readonly SourceAccess[], results: Results): Promise<void> {
  const [old, ...dense] = sources as [SourceAccess, ...SourceAccess[]];
  const publisher = await startPublisher();
  try {
    const perSecond = LIVE_PER_SECOND / dense.length;
    let isOver = false;
    const feed = async () => {
      const clients = dense.map((s) => ({ topic: s.mqttTopic, username: s.id, password: s.mqttApiKey }));
      const order = { url: appliance.mqttUrl, clients, inflight: 1, firstTime: 0, perSecond, payload: 'ten' as const };
      let [acknowledged, seconds] = [0, 0];
      while (!isOver) {
        const report = await publisher.publish({ ...order, messages: 5 * perSecond });
        acknowledged += report.acknowledged;
        seconds += report.seconds;
      }
      return acknowledged / seconds;
    };
    const fed = feed();
    for (const [name, pathOf] of questions(old.id, dense[0]?.id ?? '')) await ask(appliance, name, pathOf, results);
    isOver = true;
    console.log(`    ${Math.round(await fed)} readings/s came in meanwhile; load ${loadAverage()} on ${cpus().length}`);
    results.add('Scale: peak memory while asked', peakBytes(appliance.pid) / 1e6, 'MB', { atMost: 500 });
  } finally {
    await publisher.stop();
  }
}

type PathOf = (now: number) => string;

function questions(old: string, dense: string): [string, PathOf][] {
  const since = (now: number, days: number) => new URLSearchParams({ from: iso(now - days * DAY_MS), to: iso(now) });
  const history =
    (of: string, days: number): PathOf =>
    (now) =>
      `${of}/history?metrics=${lines}&${since(now, days)}`;
  const energy =
    (of: string, period: string, days: number): PathOf =>
    (now) =>
      `${of}/energy?period=${period}&${since(now, days)}`;
  const [one, many] = [`/sources/${old}`, `/sources/${dense}`];
  return [
    ['history of 24 h', history(one, 1)],
    ['history of 30 d', history(one, 30)],
    ['history of 1 year', history(one, 365)],
    ['history of 10 years', history(one, 3652)],
    ['history of 24 h, at 10 s', history(many, 1)],
    ['history of 30 d, at 10 s', history(many, 30)],
    ['history of 1 year, at 10 s', history(many, 365)],
    ['energy of a year by day', energy(one, 'day', 365)],
    ['energy of 10 years by day', energy(one, 'day', 3652)],
    ['energy of 10 years by month', energy(one, 'month', 3652)],
    ['energy of 10 years by year', energy(one, 'year', 3652)],
    ['house, energy of 30 d by day', energy('/house', 'day', 30)],
    ['house, energy of a year by day', energy('/house', 'day', 365)],
    ['house, energy of 10 years by month', energy('/house', 'month', 3652)],
    ['house, energy of 10 years by year', energy('/house', 'year', 3652)],
    ['house, history of 24 h', history('/house', 1)],
    ['house, history of 30 d', history('/house', 30)],
    ['house, history of 1 year', history('/house', 365)],
  ];
}

async function ask(appliance: Appliance, name: string, pathOf: PathOf, results: Results): Promise<void> {
  const times: number[] = [];
  const cpuBefore = processUse(appliance.pid).cpuSeconds;
  for (let i = 0; i <= ASKED; i++) {
    const path = pathOf(Date.now());
    const start = performance.now();
    await api(appliance, path);
    times.push(performance.now() - start);
  }
  const cpuMs = (1000 * (processUse(appliance.pid).cpuSeconds - cpuBefore)) / times.length;
  const [first = 0, ...rest] = times;
  results.add(`Scale: ${name}, p95`, quantile(rest, 0.95), 'ms', { atMost: 50 });
  const told = `median ${median(rest).toFixed(1)} ms, the first answer after the start ${first.toFixed(0)} ms`;
  console.log(`    ${told}; ${cpuMs.toFixed(1)} ms of processor time each, with what came in beside`);
}

const iso = (time: number): string => new Date(time).toISOString();
const loadAverage = (): string => readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? '';
