import type { JobQueue } from '../core/jobs.ts';
import { type Config, settings } from '../platform/config.ts';
import { tarOf } from '../platform/tar.ts';
import type { Diagnostics, LogReader, SystemReader } from './ports.ts';
import { scrub } from './scrub.ts';

export interface DiagnosticsDeps {
  config: Config;
  system: SystemReader;
  logs: LogReader;
  jobs: JobQueue;
  /** Numbers of the stores; never their content. */
  statistics: () => Promise<Record<string, unknown>>;
}

/** Settings whose value may be a secret or lead to one. */
const UNSHOWN = new Set(['smtpUrl', 'mailFrom', 'weatherApiKey']);

/** Gathers what helps to find a fault. Job payloads, telemetry, accounts and keys are never in it; the rest is scrubbed. */
export class DiagnosticsBundle implements Diagnostics {
  constructor(private readonly deps: DiagnosticsDeps) {}

  async bundle(): Promise<Uint8Array> {
    const { system, logs, jobs } = this.deps;
    const state = await system.state();
    const files: Record<string, string> = {
      'config.json': asJson(this.shownConfig()),
      'system.json': asJson(state),
      'health.json': asJson(system.parts()),
      'statistics.json': asJson(await this.deps.statistics().catch((error: unknown) => ({ error: String(error) }))),
      'jobs.json': asJson(jobs.list({ limit: 500 }).map(({ payload: _payload, ownerId: _ownerId, ...job }) => job)),
      'metrics.txt': system.metricsText(),
      'log.ndjson': logs
        .newest({ level: 'debug', limit: 2000 })
        .reverse()
        .map((line) => JSON.stringify({ ...line, time: new Date(line.time).toISOString() }))
        .join('\n'),
    };
    const encoder = new TextEncoder();
    const entries = Object.entries(files).map(([name, text]) => ({
      name: `ampra-diagnostics/${name}`,
      bytes: encoder.encode(scrub(text)),
    }));
    return Bun.gzipSync(Buffer.from(tarOf(entries, state.now)));
  }

  private shownConfig(): Record<string, unknown> {
    return Object.fromEntries(
      Object.keys(settings).map((name) => {
        const value = this.deps.config[name as keyof Config];
        return [name, UNSHOWN.has(name) ? (value === '' ? 'not set' : 'set') : value];
      }),
    );
  }
}

const asJson = (value: unknown): string => JSON.stringify(value, null, 2);
