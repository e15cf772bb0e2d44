import { describe, expect, setDefaultTimeout, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { days } from '../core/durations.ts';
import { usualWidths } from '../forecast/serve/band-widths.ts';
import type { TrainTask } from '../forecast/tasks.ts';
import { madeUpProduction } from '../testing/production.ts';
import { runForecastJob } from './forecast-worker.ml.ts';

/** Learning steps back for others: on a machine that is busy with much else it takes many times as long. */
setDefaultTimeout(300_000);

const DAYS = 25;

function trainTask(): TrainTask {
  const { data, table } = madeUpProduction({ days: DAYS });
  const now = data.grid.from + days(DAYS);
  return {
    subject: { sourceId: 'roof', quantity: 'solar' },
    data: {
      grid: data.grid,
      powerW: data.powerW,
      excluded: new Uint8Array(data.grid.count),
      weather: table,
      site: { latitude: 47.4, longitude: 8.5, installedW: 5000, arrays: [] },
      timeZone: 'Europe/Zurich',
    },
    champion: null,
    version: 'solar-1',
    madeAt: now,
    weather: null,
    told: [{ at: now, until: now, table: { ...table, columns: { ...table.columns } } }],
    wantsReplays: false,
    widths: usualWidths(),
  };
}

/** Nice values of this process' threads that still run (proc_pid_stat(5), field 19). */
const niceValues = (): number[] =>
  readdirSync('/proc/self/task').map((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
  });

describe('the thread that learns', () => {
  test.skipIf(process.platform !== 'linux')('lets everybody else have the processor first', async () => {
    const own = Math.min(...niceValues());
    const seen: number[] = [];
    const { serving } = await runForecastJob(
      { kind: 'train', task: trainTask() },
      { onProgress: () => void seen.push(Math.max(...niceValues())) },
    );
    expect(serving?.version).toBe('solar-1');
    expect(Math.max(...seen)).toBe(Math.min(19, own + 5));
    expect(Math.min(...niceValues())).toBe(own);
  });

  test('takes the history over instead of copying it, and gives it back to nobody', async () => {
    const task = trainTask();
    const { powerW, excluded, weather } = task.data;
    const learning = runForecastJob({ kind: 'train', task });
    const sizes = [powerW, excluded, weather?.times, ...Object.values(weather?.columns ?? {})].map(
      (one) => one?.length,
    );
    expect(new Set(sizes)).toEqual(new Set([0]));
    expect((await learning).card?.window.days).toBe(DAYS);
  });

  test('ends early when it is called off', async () => {
    const ending = new AbortController();
    const learning = runForecastJob({ kind: 'train', task: trainTask() }, { signal: ending.signal });
    ending.abort();
    await expect(learning).rejects.toThrow('called off');
  });

  test('does not begin what was called off before', async () => {
    const task = trainTask();
    const begun = performance.now();
    await expect(runForecastJob({ kind: 'train', task }, { signal: AbortSignal.abort() })).rejects.toThrow(
      'called off',
    );
    expect(performance.now() - begun).toBeLessThan(100);
    // The history is still its owner's.
    expect(task.data.powerW.length).toBeGreaterThan(0);
  });
});
