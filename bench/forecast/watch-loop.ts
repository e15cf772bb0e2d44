import { readFileSync } from 'node:fs';

const WATCH_MS = 5;

/** What some work did to the process it ran in. */
export interface Watched<T> {
  answer: T;
  ms: number;
  /** Processor time of all threads. */
  cpuMs: number;
  /** Most resident memory beyond what there was before. */
  peakMb: number;
  /** Longest time for which the main loop stood still. */
  blockedMs: number;
  /** Most processor time that the main thread took without letting others have their turn: what is left of that on a machine with nothing else to do. */
  busyMs: number;
}

/** Runs something and watches the process. Processor time is what counts where others share it. */
export async function watchLoop<T>(work: () => Promise<T>): Promise<Watched<T>> {
  Bun.gc(true);
  const before = process.memoryUsage.rss();
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  let [peak, blockedMs, busyMs, last, lastCpu] = [before, 0, 0, startedAt, mainThreadMs()];
  const timer = setInterval(() => {
    const [time, cpuNow] = [performance.now(), mainThreadMs()];
    blockedMs = Math.max(blockedMs, time - last - WATCH_MS);
    busyMs = Math.max(busyMs, cpuNow - lastCpu);
    [last, lastCpu] = [time, cpuNow];
    peak = Math.max(peak, process.memoryUsage.rss());
  }, WATCH_MS);
  const answer = await work();
  clearInterval(timer);
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  return { answer, ms, cpuMs: (user + system) / 1000, peakMb: (peak - before) / 2 ** 20, blockedMs, busyMs };
}

/** Processor time of the main thread so far (/proc/<pid>/task/<tid>/schedstat, first number, ns); NaN where there is none. */
function mainThreadMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}
