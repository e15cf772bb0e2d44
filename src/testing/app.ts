import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, createApp } from '../app.ts';
import type { Clock } from '../core/clock.ts';
import { type Config, type ConfigInput, readConfig } from '../platform/config.ts';

export interface TestApp extends App {
  readonly config: Config;
  readonly dataDir: string;
  /** Stops the appliance and removes its folder. */
  dispose(): Promise<void>;
}

/** Configuration for tests: a folder of its own, free ports, nothing but this machine. */
export function testConfig(input: ConfigInput = {}): Config {
  const read = readConfig({
    file: {
      path: 'test',
      values: { httpPort: 0, mqttPort: 0, httpHost: '127.0.0.1', mqttHost: '127.0.0.1', weather: 'off', ...input },
    },
    env: {},
    defaultDataDir: '/nonexistent',
  });
  if (!read.ok) throw new Error(read.problems.map((p) => `${p.setting} ${p.message}`).join('\n'));
  return read.config;
}

/** A new folder under the system's temporary one. */
export function tempDir(name = 'ampra-test-'): string {
  return mkdtempSync(join(tmpdir(), name));
}

/**
 * The real appliance on a temporary data directory and free ports, started unless told otherwise.
 * Use `await using` or call `dispose`.
 */
export async function startTestApp(
  options: { config?: ConfigInput; clock?: Clock; dataDir?: string; isStarted?: boolean } = {},
): Promise<TestApp & AsyncDisposable> {
  const dataDir = options.dataDir ?? tempDir();
  const config = testConfig({ ...options.config, dataDir });
  const app = createApp({ config, ...(options.clock ? { clock: options.clock } : {}) });
  if (options.isStarted !== false) await app.start();
  const dispose = async () => {
    await app.stop();
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
  };
  return Object.assign(app, { config, dataDir, dispose, [Symbol.asyncDispose]: dispose });
}

/** A clock that stands still until it is moved. */
export class FakeClock implements Clock {
  constructor(private ms = Date.UTC(2026, 5, 21, 10)) {}
  now(): number {
    return this.ms;
  }
  advance(ms: number): void {
    this.ms += ms;
  }
  set(ms: number): void {
    this.ms = ms;
  }
}
