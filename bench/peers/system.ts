import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Values } from './readings.ts';

/** What a chart asks for: a span of `days` that ends at `to`, in steps of `stepSeconds`. */
export interface Chart {
  name: string;
  days: number;
  stepSeconds: number;
}

/** One of those that are compared, running. */
export interface System {
  readonly name: string;
  /** What its acknowledgement of a message means, in a few words. */
  readonly acknowledged: string;
  readonly mqttUrl: string;
  /** Login and topic of each publishing device. */
  readonly clients: { username?: string; password?: string; topic: string }[];
  /** Waits until the database holds so many readings of each device from `from` on; gives up after two minutes. */
  waitUntilStored(from: number, each: number): Promise<void>;
  /** Stores ten years of one house. */
  importHouse(readings: Iterable<{ time: number; values: Values }>): Promise<void>;
  /** Asks for background work on what was imported, where that can be asked for; `rest` waits for it. */
  settle(): Promise<void>;
  /** Four metrics over the chart's span, ending at `to` (ms UTC); gives the number of points that came. */
  chart(chart: Chart, to: number): Promise<number>;
  diskBytes(): number;
  residentBytes(): number;
  /** Processor time of its processes so far, s: unlike the clock it does not depend on what else the machine does. */
  processorSeconds(): number;
  stop(): Promise<void>;
}

/** Bytes that the files of a folder take on the disk. */
export function folderBytes(folder: string): number {
  let bytes = 0;
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? folderBytes(path) : entry.isFile() ? blocksOf(path) * 512 : 0;
  }
  return bytes;
}

/** What a folder holds; nothing when it went away meanwhile. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Blocks of a file; 0 when it went away since its folder was read. */
const blocksOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.blocks ?? 0;

export function residentBytesOf(...pids: number[]): number {
  const kb = (pid: number) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  return 1024 * pids.reduce((sum, pid) => sum + kb(pid), 0);
}

/** Ticks of the processor that Linux counts a second (`getconf CLK_TCK`). */
const TICKS = 100;

/** Processor time of processes with all their threads, s (proc(5), fields 14 and 15 of `stat`). */
export function processorSecondsOf(...pids: number[]): number {
  const ticks = (pid: number) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in parentheses and may hold spaces; the state, field 3, comes after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  return pids.reduce((sum, pid) => sum + ticks(pid), 0) / TICKS;
}

/**
 * Waits until a system has nothing left to do with what it was given, so that sizes and times are those of a house at rest: at
 * least a minute, then until its files stayed as they are for half a minute, and five minutes at most.
 */
export async function rest(system: System): Promise<void> {
  await system.settle();
  const begun = performance.now();
  let [size, since] = [system.diskBytes(), begun];
  for (;;) {
    await Bun.sleep(1000);
    const now = performance.now();
    const bytes = system.diskBytes();
    if (Math.abs(bytes - size) > 0.01 * size) [size, since] = [bytes, now];
    if (now - begun > 300_000 || (now - begun > 60_000 && now - since > 30_000)) return;
  }
}

export async function until(isDone: () => Promise<boolean>, what: string, limitMs = 120_000): Promise<void> {
  for (const end = performance.now() + limitMs; performance.now() < end; await Bun.sleep(20))
    if (await isDone().catch(() => false)) return;
  throw new Error(`${what} did not happen within ${limitMs / 1000} s`);
}
