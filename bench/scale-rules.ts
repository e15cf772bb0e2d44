import { join } from 'node:path';
import { DuckdbDatabase } from '../src/platform/duckdb.ts';
import { type Appliance, api, startAppliance } from './appliance.ts';
import { quantile, type Results } from './lib.ts';
import { peakBytes } from './process.ts';

/** Longest time in which all energy is booked anew before the bench gives up. ms. */
const PATIENCE_MS = 900_000;
const PAUSE_MS = 200;

/** The first start after an update that books by other rules: what somebody waits who asks at once, and until all is new. */
export async function askAfterNewRules(dataDir: string, token: string, results: Results): Promise<void> {
  const ordinaryMs = await firstAfterStart(dataDir, token);
  await pretendEarlierVersion(dataDir);
  const appliance = await startAppliance({ dataDir });
  appliance.token = token;
  try {
    const startedAt = performance.now();
    const times: number[] = [];
    const [first, ...questions] = houseSums(Date.now());
    const { ms: firstMs } = await timed(appliance, first ?? '');
    console.log(
      `    first house sum after a start ${ordinaryMs.toFixed(0)} ms, by other rules ${firstMs.toFixed(0)} ms`,
    );
    results.add('Scale: first house sum after other rules', firstMs / ordinaryMs, 'of an ordinary start', {
      atMost: 3,
    });
    for (let isLeft = true; isLeft && performance.now() - startedAt < PATIENCE_MS; ) {
      for (const path of questions) {
        const { ms, remadeShare } = await timed(appliance, path);
        times.push(ms);
        isLeft = remadeShare !== null;
        await Bun.sleep(PAUSE_MS);
      }
    }
    results.add('Scale: house sums while books are made anew, p95', quantile(times, 0.95), 'ms', { atMost: 50 });
    results.add('Scale: books made anew', (performance.now() - startedAt) / 1000, 's', {
      atMost: PATIENCE_MS / 1000,
    });
    console.log(`    ${times.length} sums asked meanwhile, the slowest in ${Math.max(...times).toFixed(0)} ms`);
    results.add('Scale: peak memory while books are made anew', peakBytes(appliance.pid) / 1e6, 'MB', { atMost: 500 });
  } finally {
    await appliance.stop();
  }
}

async function firstAfterStart(dataDir: string, token: string): Promise<number> {
  const appliance = await startAppliance({ dataDir });
  appliance.token = token;
  try {
    return (await timed(appliance, houseSums(Date.now())[0] ?? '')).ms;
  } finally {
    await appliance.stop();
  }
}

async function pretendEarlierVersion(dataDir: string): Promise<void> {
  const path = join(dataDir, 'telemetry.duckdb');
  const database = await DuckdbDatabase.open({ path, memoryLimitMb: 96, tempDir: join(dataDir, 'tmp', 'bench') });
  const connection = await database.connect();
  await connection.run("UPDATE telemetry_sources SET book_rules = '1 ' || split_part(book_rules, ' ', 2) || ' -'");
  await connection.close();
  await database.checkpoint();
  database.close();
}

function houseSums(now: number): string[] {
  const path = (period: string, days: number) => {
    const range = new URLSearchParams({
      from: new Date(now - days * 86_400_000).toISOString(),
      to: new Date(now).toISOString(),
    });
    return `/house/energy?period=${period}&${range}`;
  };
  return [path('year', 3652), path('day', 30), path('month', 3652), path('year', 3652)];
}

async function timed(appliance: Appliance, path: string): Promise<{ ms: number; remadeShare: number | null }> {
  const before = performance.now();
  const { remadeShare } = (await api(appliance, path)) as { remadeShare: number | null };
  return { ms: performance.now() - before, remadeShare };
}
