import { expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NumericMetric } from '../../core/metrics.ts';
import { book, type TestRow } from '../../testing/books.ts';

/** Powers that were recorded for real, from a balcony's to those of plants of 35 MW: which of them pass for wild. */
const folder = join(process.env.AMPRA_TEST_DATA ?? '', 'pv');
const hasRecords = process.env.AMPRA_TEST_DATA !== undefined && existsSync(folder);

const HOUR = 3_600_000;
type Row = Record<string, string>;
type Power = [metric: NumericMetric, column: string, watts: number];

function rowsOf(file: string): Row[] {
  const text = new TextDecoder().decode(Bun.gunzipSync(readFileSync(join(folder, file))));
  const [head = '', ...lines] = text.trim().split(/\r?\n/);
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
}

/** Every power of a record by itself, whatever is stated as installed. */
function wildIn(file: string, timeOf: (row: Row, i: number) => number, powers: readonly Power[]): number[] {
  const rows = rowsOf(file);
  return powers.flatMap(([metric, column, watts]) => {
    const values = new Map(
      rows.map((row, i) => [timeOf(row, i), row[column] ? watts * Number(row[column]) : Number.NaN]),
    );
    const known = [...values].filter(([time, value]) => Number.isFinite(time) && Number.isFinite(value));
    const readings = known.sort(([a], [b]) => a - b).map(([time, value]): TestRow => [time, { [metric]: value }]);
    expect(readings.length).toBeGreaterThan(3000);
    const largest = readings.reduce((most, [, v]) => Math.max(most, v[metric] ?? 0), 0);
    return [null, Math.max(1, largest / 3), largest].flatMap((installedCapacityW) =>
      book(readings, { installedCapacityW }).sheet.events.flatMap((e) =>
        e.kind === 'wild' ? Array<number>(e.times).fill(e.after) : [],
      ),
    );
  });
}
const utc = (text = '') => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);

test.skipIf(!hasRecords)(
  'of recorded powers none that flowed passes for wild',
  () => {
    const found = [
      ...wildIn('emhass_home_fr/home_30min.csv.gz', (row) => Date.parse(row.time_utc ?? ''), [
        ...([
          ['solarPower', 'pv_w', 1],
          ['loadPower', 'load_w', 1],
        ] satisfies Power[]),
      ]),
      ...wildIn('ausgrid_customer12/home_30min.csv.gz', (row) => utc(row.time_local), [
        ...([
          ['solarPower', 'pv_kw', 1000],
          ['loadPower', 'load_kw', 1000],
        ] satisfies Power[]),
      ]),
      ...wildIn('rye_microgrid/train.csv.gz', (row) => utc(row.time), [
        ...([
          ['solarPower', 'pv_production', 1000],
          ['loadPower', 'consumption', 1000],
        ] satisfies Power[]),
      ]),
      ...['00', '01', '05', '08'].flatMap((station) =>
        wildIn(`pvod/station${station}.csv.gz`, (row) => utc(row.time_utc ?? row.date_time), [
          ['solarPower', 'power', 1e6],
        ]),
      ),
      ...[1, 2, 3, 4].flatMap((home) =>
        wildIn('citylearn2022/homes.csv.gz', (_row, i) => i * HOUR, [
          ...([
            ['solarPower', `pv_kwh_b${home}`, 1000],
            ['loadPower', `load_kwh_b${home}`, 1000],
          ] satisfies Power[]),
        ]),
      ),
    ];
    expect(found).toEqual([]);
  },
  60_000,
);

test.skipIf(!hasRecords)(
  'and of sixteen months of a roof those that are the logger’s word for nothing',
  () => {
    const wild = wildIn('sdt_5min/TAEFC1044741.csv.gz', (row) => utc(row.time_utc), [
      ['solarPower', 'ac_power_kw', 1000],
    ]);
    expect(new Set(wild)).toEqual(new Set([-1e9]));
  },
  60_000,
);
