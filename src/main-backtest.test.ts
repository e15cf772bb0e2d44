import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { days } from './core/durations.ts';
import { startOf } from './forecast/interval-grid.ts';
import { madeUpProduction } from './testing/production.ts';

/** The command as it is typed. */
const folder = mkdtempSync(join(tmpdir(), 'ampra-backtest-'));
const main = join(import.meta.dir, 'main.ts');

beforeAll(() => {
  const { data, table } = madeUpProduction({ days: 70 });
  const iso = (time: number): string => new Date(time).toISOString();
  const power = Array.from(data.powerW, (value, index) => `${iso(startOf(data.grid, index))},${value.toFixed(1)}`);
  const light = table.columns.shortwave_radiation ?? new Float64Array();
  const weather = Array.from(light, (value, row) => `${iso(table.times[row] ?? 0)},${value.toFixed(1)}`);
  writeFileSync(join(folder, 'power.csv'), ['time,power_w', ...power].join('\n'));
  writeFileSync(join(folder, 'weather.csv'), ['time,shortwave_radiation', ...weather].join('\n'));
  writeFileSync(
    join(folder, 'site.json'),
    JSON.stringify({ latitude: 47.4, longitude: 8.5, timezone: 'Europe/Zurich', installedCapacityW: 5000 }),
  );
  writeFileSync(
    join(folder, 'wrong.json'),
    JSON.stringify({ latitude: 147, timezone: 'Mars/Olympus', installedCapacityW: 5000 }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function ampra(...args: string[]): { code: number; out: string; err: string } {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, main, 'backtest', ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: folder },
  });
  return { code: exitCode, out: stdout.toString(), err: stderr.toString() };
}

const files = ['--power', 'power.csv', '--weather', 'weather.csv', '--site', 'site.json'];

describe('ampra backtest', () => {
  test('prints the scores as JSON, and writes the same', () => {
    const { code, out, err } = ampra(...files, '--test-months', '1', '--quantiles', '0.9,0.25', '--json', 'out.json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const result = JSON.parse(out) as Record<string, Record<string, unknown>>;
    const scores = ['mae', 'rmse', 'bias', 'meanPinball', 'pinball', 'coverage', 'width'];
    expect(Object.keys(result)).toEqual(['overall', 'months', 'baselines', 'skill', 'timeMs']);
    expect(Object.keys(result.overall ?? {})).toEqual(scores);
    expect(Object.keys(result.overall?.pinball ?? {})).toEqual(['0.25', '0.9']);
    expect((result.months as unknown as { month: string }[]).map((month) => Object.keys(month))).toEqual([
      ['month', ...scores],
    ]);
    for (const part of [result.baselines, result.skill])
      expect(Object.keys(part ?? {})).toEqual(['persistence', 'clearSkyPersistence', 'physics']);
    expect(result.skill?.clearSkyPersistence).toBeGreaterThan(0.3);
    expect(JSON.stringify(result)).not.toContain('null');
    return expect(Bun.file(join(folder, 'out.json')).text()).resolves.toBe(out);
  });

  test('says in one line what is wrong, and ends with a code other than 0', () => {
    const line = (...args: string[]): string => {
      const { code, out, err } = ampra(...args);
      expect(code).not.toBe(0);
      expect(out).toBe('');
      expect(err.trim().split('\n')).toHaveLength(1);
      return err;
    };
    expect(line('--power', 'power.csv')).toContain('Missing: --site JSON');
    expect(line('--power', 'none.csv', '--site', 'site.json')).toContain('There is no file');
    expect(line('--power', '.', '--site', 'site.json')).toContain('is no file');
    expect(line('--power', 'site.json', '--site', 'site.json')).toContain(
      'site.json, line 1: there is no column "time"',
    );
    expect(line('--power', 'power.csv', '--site', 'power.csv')).toContain('is no JSON');
    expect(line('--power', 'power.csv', '--site', 'wrong.json')).toMatch(/latitude: .*; timezone: is no time zone/);
    expect(line(...files, '--quantiles', '10')).toContain('--quantiles takes numbers between 0 and 1');
    expect(line(...files, '--test-months', 'x')).toContain('--test-months takes a whole number');
  });

  test('prints the scores where they cannot be written, and says so', () => {
    const { code, out, err } = ampra(...files, '--test-months', '1', '--json', 'site.json/out.json');
    expect(code).not.toBe(0);
    expect(JSON.parse(out)).toHaveProperty('overall');
    expect(err).toContain('could not be written');
  });

  test('forecasts the last months that there are when more are asked for', () => {
    const { data } = madeUpProduction({ days: 70 });
    const { code, out } = ampra(...files, '--test-months', '24');
    expect(code).toBe(0);
    const { months } = JSON.parse(out) as { months: { month: string }[] };
    expect(months.map(({ month }) => month)).toEqual(['2025-03', '2025-04', '2025-05']);
    expect(data.grid.from + days(70)).toBeGreaterThan(Date.UTC(2025, 4, 1));
  });
});
