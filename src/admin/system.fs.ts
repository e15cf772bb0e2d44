import { readdirSync, readFileSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { type MetricSample, prometheusText } from '../platform/metrics.ts';
import { version } from '../platform/runtime.ts';
import type { KeptCopies, StoredLevel } from '../telemetry/storage/storage.ts';
import type { SystemReader } from './ports.ts';
import type { Part, StoreSize, SystemState } from './system.ts';
import type { WrittenMeter } from './written-meter.ts';

const SHOWN_DAYS = 30;

export interface SystemProbeDeps {
  dataDir: string;
  clock: Clock;
  meter: WrittenMeter;
  parts: () => Part[];
  /** Samples of every feature. */
  samples: () => MetricSample[];
  /** Room that each part of the past takes. */
  storage: () => Promise<StoredLevel[]>;
  copies: () => KeptCopies;
}

/** Reads the process and the file system it lives on. */
export class SystemProbe implements SystemReader {
  private readonly startedAt: number;
  private lastCpu: { micros: number; at: number } | null = null;

  constructor(private readonly deps: SystemProbeDeps) {
    this.startedAt = deps.clock.now();
  }

  async state(): Promise<SystemState> {
    const { clock, dataDir, meter } = this.deps;
    return {
      version,
      runtime: `Bun ${Bun.version} on ${process.platform} ${process.arch}`,
      startedAt: this.startedAt,
      now: clock.now(),
      residentBytes: process.memoryUsage.rss(),
      cpuShare: this.cpuShare(),
      disk: await diskOf(dataDir),
      dataDir,
      stores: storesIn(dataDir),
      written: meter.days(SHOWN_DAYS),
      storage: await this.deps.storage(),
      copies: this.deps.copies(),
    };
  }

  parts(): Part[] {
    return this.deps.parts();
  }

  metricsText(): string {
    const usage = process.cpuUsage();
    const gauge = (name: string, help: string, value: number, labels?: Record<string, string>): MetricSample => ({
      ...{ name, help, type: 'gauge', value },
      ...(labels ? { labels } : {}),
    });
    const counter = (name: string, help: string, value: number): MetricSample => ({
      name,
      help,
      type: 'counter',
      value,
    });
    const own: MetricSample[] = [
      gauge('ampra_build_info', 'Version of this Ampra.', 1, { version, runtime: `bun ${Bun.version}` }),
      gauge('ampra_start_time_seconds', 'When it started, seconds since 1970.', this.startedAt / 1000),
      gauge('ampra_resident_memory_bytes', 'Resident memory of the process.', process.memoryUsage.rss()),
      counter('ampra_cpu_seconds_total', 'CPU time used.', (usage.user + usage.system) / 1e6),
      counter('ampra_written_bytes_total', 'Bytes handed to the disk since the start.', writtenBytes() ?? 0),
      ...this.parts().map((p) =>
        gauge('ampra_part_ok', '1 when the part is well.', p.state === 'ok' ? 1 : 0, { part: p.part }),
      ),
    ];
    return prometheusText([...own, ...this.deps.samples()]);
  }

  private cpuShare(): number | null {
    const { user, system } = process.cpuUsage();
    const now = { micros: user + system, at: performance.now() };
    const before = this.lastCpu;
    this.lastCpu = now;
    if (!before || now.at - before.at < 100) return null;
    return (now.micros - before.micros) / 1000 / (now.at - before.at);
  }
}

/** Bytes this process caused to be sent to storage (proc(5), `write_bytes`); null where the system does not say. */
export function writtenBytes(): number | null {
  try {
    const found = /^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'));
    return found ? Number(found[1]) : null;
  } catch {
    return null;
  }
}

async function diskOf(path: string): Promise<{ freeBytes: number; totalBytes: number } | null> {
  try {
    const fs = await statfs(path);
    return { freeBytes: fs.bavail * fs.bsize, totalBytes: fs.blocks * fs.bsize };
  } catch {
    return null;
  }
}

/** The largest things in the data directory: folders and files by name, write-ahead logs with their database. */
function storesIn(dataDir: string): StoreSize[] {
  const sizes = new Map<string, number>();
  for (const entry of readdirSync(dataDir, { withFileTypes: true })) {
    const name = storeName(entry.name);
    const bytes = entry.isDirectory() ? folderSize(join(dataDir, entry.name)) : sizeOf(join(dataDir, entry.name));
    sizes.set(name, (sizes.get(name) ?? 0) + bytes);
  }
  return [...sizes].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

function storeName(file: string): string {
  const known = [
    [/^ampra\.db/, 'Accounts, sources, jobs (SQLite)'],
    [/\.duckdb/, 'Telemetry: recent readings and energy (DuckDB)'],
    [/^archive\.db/, 'Telemetry: packed days and charts (SQLite)'],
    [/^journal$/, 'Journal and raw payloads'],
    [/mqtt|broker/, 'MQTT sessions and retained messages'],
    [/^images$/, 'Icons and logos'],
  ] as const;
  return known.find(([pattern]) => pattern.test(file))?.[1] ?? 'Everything else';
}

function folderSize(path: string): number {
  let bytes = 0;
  for (const entry of readdirSync(path, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += sizeOf(join(entry.parentPath, entry.name));
  return bytes;
}

/** 0 for a file that went meanwhile. */
function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
