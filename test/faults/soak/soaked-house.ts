import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import {
  type Appliance,
  ampra,
  createSource,
  prepareOwner,
  type SourceAccess,
  signIn,
  startAppliance,
} from '../../../bench/appliance.ts';
import { startPublisher } from '../../../bench/ingest.ts';
import { median } from '../../../bench/lib.ts';
import { processUse } from '../../../bench/process.ts';
import { giveAPast, learnAnew, trainings } from './past.ts';

export interface SoakReport {
  seconds: number;
  readings: number;
  notAcknowledged: number;
  pages: number;
  failedPages: number;
  liveEvents: number;
  backups: number;
  /** Of models, beside everything else. */
  trainings: { begun: number; done: number };
  /** Medians of the second and of the last quarter. */
  residentMb: { early: number; late: number };
  handles: { early: number; late: number };
  /** Of the main loop over the last minutes, 99th percentile, ms: the worst that was told. */
  loopDelayP99Ms: number;
  loopDelayMostMs: number;
  /** The same of the process that only watches: how late this machine lets anybody be. */
  machineDelayP99Ms: number;
}

const DEVICES = 10;
const STREAMS = 4;
const PAGES = ['/', '/history', '/history?range=7d', '/sources', '/system', '/account'];
const LOOK_MS = 500;
const PAST_EVERY_MS = 60_000;
const LEARN_EVERY_MS = 180_000;

interface Sample {
  residentBytes: number;
  handles: number;
}

/**
 * An ordinary house for a long time: ten devices at one reading a second, pages open and visited, a backup now and then, and
 * one source after the other learns from its past.
 */
export async function soak(seconds: number): Promise<SoakReport> {
  const appliance = await startAppliance();
  const publisher = await startPublisher();
  const end = performance.now() + seconds * 1000;
  const isOver = () => performance.now() >= end;
  const counts = { pages: 0, failedPages: 0, liveEvents: 0, backups: 0 };
  const report = { ...counts, loopDelayP99Ms: 0, loopDelayMostMs: 0, machineDelayP99Ms: 0 };
  try {
    await prepareOwner(appliance);
    const sources = await Promise.all(
      Array.from({ length: DEVICES }, (_, i) => createSource(appliance, `Device ${i}`)),
    );
    const clients = sources.map((s) => ({ topic: s.mqttTopic, username: s.id, password: s.mqttApiKey }));
    const order = { url: appliance.mqttUrl, clients, messages: seconds, inflight: 1, firstTime: 0, perSecond: 1 };
    const published = publisher.publish(order);
    const cookie = await signIn(appliance);
    const open = Array.from({ length: STREAMS }, () => keepOpen(appliance, cookie, report, isOver));
    const visits = visit(appliance, cookie, report, isOver);
    const backups = backUpNowAndThen(appliance, report, isOver, seconds);
    const learning = learnNowAndThen(appliance, sources, isOver, seconds);
    const samples = await watch(appliance, report, isOver);
    await Promise.all([...open, visits, backups, learning]);
    const { acknowledged, failed } = await published;
    return {
      ...report,
      trainings: trainings(appliance),
      ...summary(samples),
      seconds,
      readings: acknowledged,
      notAcknowledged: failed,
    };
  } finally {
    await publisher.stop();
    await appliance.stop();
    appliance.remove();
  }
}

async function watch(
  appliance: Appliance,
  report: Pick<SoakReport, 'loopDelayP99Ms' | 'loopDelayMostMs' | 'machineDelayP99Ms'>,
  isOver: () => boolean,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  const own = monitorEventLoopDelay({ resolution: 10 });
  own.enable();
  while (!isOver()) {
    await Bun.sleep(LOOK_MS);
    const handles = readdirSync(`/proc/${appliance.pid}/fd`).length;
    samples.push({ residentBytes: processUse(appliance.pid).residentBytes, handles });
  }
  const text = await (await fetch(`${appliance.url}/metrics`)).text();
  const ms = (name: string) => 1000 * Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN);
  report.loopDelayP99Ms = ms('ampra_event_loop_delay_p99_seconds');
  report.machineDelayP99Ms = own.percentile(99) / 1e6;
  own.disable();
  report.loopDelayMostMs = ms('ampra_event_loop_delay_max_seconds');
  return samples;
}

function summary(samples: readonly Sample[]): Pick<SoakReport, 'residentMb' | 'handles'> {
  const quarter = Math.floor(samples.length / 4);
  const early = samples.slice(quarter, 2 * quarter);
  const late = samples.slice(-quarter);
  const of = (part: readonly Sample[], value: (sample: Sample) => number) => median(part.map(value));
  return {
    residentMb: { early: of(early, (s) => s.residentBytes / 1e6), late: of(late, (s) => s.residentBytes / 1e6) },
    handles: { early: of(early, (s) => s.handles), late: of(late, (s) => s.handles) },
  };
}

/** The Live page left open: counts what it is told; hangs up and comes again now and then, as phones do. */
async function keepOpen(appliance: Appliance, cookie: string, report: { liveEvents: number }, isOver: () => boolean) {
  while (!isOver()) {
    const hangUp = AbortSignal.timeout(10_000);
    try {
      const response = await fetch(`${appliance.url}/live/events`, { headers: { cookie }, signal: hangUp });
      for await (const _ of response.body ?? []) {
        report.liveEvents++;
        if (isOver()) return;
      }
    } catch {
      // Hung up.
    }
  }
}

async function visit(
  appliance: Appliance,
  cookie: string,
  report: { pages: number; failedPages: number },
  isOver: () => boolean,
) {
  for (let i = 0; !isOver(); i++) {
    const response = await fetch(`${appliance.url}${PAGES[i % PAGES.length]}`, { headers: { cookie } });
    await response.text();
    report.pages++;
    if (!response.ok) report.failedPages++;
    await Bun.sleep(LOOK_MS);
  }
}

async function backUpNowAndThen(
  appliance: Appliance,
  report: { backups: number },
  isOver: () => boolean,
  seconds: number,
) {
  const path = join(appliance.dataDir, '..', `soak-${appliance.pid}.tar`);
  const pauseMs = Math.max(10_000, (seconds * 1000) / 10);
  for (let next = performance.now() + pauseMs / 2; !isOver(); await Bun.sleep(LOOK_MS)) {
    if (performance.now() < next) continue;
    await ampra(appliance.dataDir, 'backup', path, '--force');
    rmSync(path, { force: true });
    report.backups++;
    next = performance.now() + pauseMs;
  }
}

/**
 * In the first quarter sources get their pasts, and a model is learned of each. After that one after the other learns anew:
 * what grows from then on has no more to keep than the readings that come in.
 */
async function learnNowAndThen(
  appliance: Appliance,
  sources: readonly SourceAccess[],
  isOver: () => boolean,
  seconds: number,
) {
  const began = performance.now();
  const quarterMs = (seconds * 1000) / 4;
  const isReached = async (atMs: number) => {
    while (performance.now() < began + atMs && !isOver()) await Bun.sleep(LOOK_MS);
    return !isOver();
  };
  const taught = sources.slice(0, Math.max(1, Math.floor(quarterMs / PAST_EVERY_MS)));
  for (const [i, source] of taught.entries())
    if (await isReached((i * quarterMs) / taught.length)) await giveAPast(appliance, source, i + 1);
  for (let i = 0; await isReached(quarterMs + (i + 0.5) * LEARN_EVERY_MS); i++)
    await learnAnew(appliance, taught[i % taught.length] as SourceAccess);
}
