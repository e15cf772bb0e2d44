import { zoneOffsetMs } from '../../src/core/zone.ts';
import type { PvSet, PvSite } from './pv-sets.ts';

/** A way in which files are wrong now and then. Null where it does not apply to a set. */
export interface Slip {
  name: string;
  of(set: PvSet): PvSet | null;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Row {
  time: number;
  cells: string[];
}

/** A CSV whose first column is the time, with its rows changed: each becomes any number of rows. */
function changed(csv: string, change: (row: Row, at: number, rows: readonly Row[]) => Row[]): string {
  const [head = '', ...lines] = csv.trim().split('\n');
  const rows = lines.map((line) => {
    const [time = '', ...cells] = line.split(',');
    return { time: Date.parse(time), cells };
  });
  const out = rows.flatMap((row, at) => change(row, at, rows));
  return [head, ...out.map(({ time, cells }) => [new Date(time).toISOString(), ...cells].join(','))].join('\n');
}

type Change = Parameters<typeof changed>[1];

const power = (change: (set: PvSet) => Change) => (set: PvSet) => ({
  ...set,
  powerCsv: changed(set.powerCsv, change(set)),
});

const weather = (change: (set: PvSet) => Change) => (set: PvSet) =>
  set.weatherCsv === null ? null : { ...set, weatherCsv: changed(set.weatherCsv, change(set)) };

const both = (change: (set: PvSet) => Change) => (set: PvSet) => {
  const withPower = power(change)(set);
  return weather(change)(withPower) ?? withPower;
};

const site = (change: (site: PvSite & { latitude: number; longitude: number }) => PvSite) => (set: PvSet) => {
  const { latitude, longitude } = set.site;
  if (latitude === undefined || longitude === undefined) return null;
  return { ...set, site: change({ ...set.site, latitude, longitude }) };
};

const sized = (change: (site: PvSite) => PvSite) => (set: PvSet) => ({ ...set, site: change(set.site) });

const times =
  (factor: number) =>
  (cell: string): string =>
    cell === '' ? '' : String(Number(cell) * factor);

/** The same numbers each time: which rows are hit must not change from run to run. */
const isHit = (at: number, share: number): boolean => (at * 0.618_033_988_7) % 1 < share;

const toLocal =
  ({ site: { timezone } }: PvSet): Change =>
  (row) => [{ ...row, time: row.time + zoneOffsetMs(row.time, timezone) }];

/** Mean power of each hour, for rows for which `isMeant` holds. */
const byHour =
  (isMeant: (share: number) => boolean): Change =>
  (row, at, rows) => {
    const share = at / rows.length;
    if (!isMeant(share)) return [row];
    const isFirst = Math.floor(row.time / HOUR_MS) !== Math.floor((rows[at - 1]?.time ?? 0) / HOUR_MS);
    if (!isFirst) return [];
    const hour = Math.floor(row.time / HOUR_MS) * HOUR_MS;
    const known = rows
      .slice(at, at + 60)
      .filter(({ time, cells }) => time < hour + HOUR_MS && cells[0] !== '')
      .map(({ cells }) => Number(cells[0]));
    const mean = known.reduce((sum, watts) => sum + watts, 0) / known.length;
    return [{ time: hour, cells: [Number.isNaN(mean) ? '' : String(mean)] }];
  };

const arraysOf = (tilt: number, azimuth: number) => (given: PvSite) => ({
  ...given,
  arrays: [{ tilt, azimuth, peakW: given.installedCapacityW }],
});

const capacity = (factor: number) => (given: PvSite) => ({
  ...given,
  installedCapacityW: given.installedCapacityW * factor,
  ...(given.arrays ? { arrays: given.arrays.map((array) => ({ ...array, peakW: array.peakW * factor })) } : {}),
});

export const slips: readonly Slip[] = [
  { name: 'the latitude of the other half', of: site((given) => ({ ...given, latitude: -given.latitude })) },
  { name: 'the longitude of the other half', of: site((given) => ({ ...given, longitude: -given.longitude })) },
  { name: 'a place in the Gulf of Guinea (0, 0)', of: site((given) => ({ ...given, latitude: 0, longitude: 0 })) },
  { name: 'no place', of: site(({ latitude: _north, longitude: _east, ...given }) => given) },
  { name: 'panels said to look east', of: site(arraysOf(30, 90)) },
  { name: 'a thousandth of the capacity', of: sized(capacity(0.001)) },
  { name: 'a third of the capacity', of: sized(capacity(1 / 3)) },
  { name: 'a thousand times the capacity', of: sized(capacity(1000)) },
  { name: 'light in kW/m2', of: weather(() => (row) => [{ ...row, cells: row.cells.map(times(0.001)) }]) },
  { name: 'weather an hour late', of: weather(() => (row) => [{ ...row, time: row.time + HOUR_MS }]) },
  { name: 'weather in local time', of: weather(toLocal) },
  { name: 'power and weather in local time', of: both(toLocal) },
  {
    name: 'weather of the first half alone',
    of: weather(() => (row, at, rows) => (at < rows.length / 2 ? [row] : [])),
  },
  {
    name: 'weather of the last half alone',
    of: weather(() => (row, at, rows) => (at < rows.length / 2 ? [] : [row])),
  },
  { name: 'hours for the first half, then finer steps', of: power(() => byHour((share) => share < 0.5)) },
  { name: 'finer steps, then hours for the last third', of: power(() => byHour((share) => share > 0.67)) },
  {
    name: 'every tenth cell empty',
    of: both(() => (row, at) => [{ ...row, cells: row.cells.map((cell, k) => (isHit(at + 7 * k, 0.1) ? '' : cell)) }]),
  },
  {
    name: 'one in a hundred powers -9999 or 6.5e10',
    of: power(() => (row, at) => [isHit(at, 0.01) ? { ...row, cells: [at % 2 === 0 ? '-9999' : '6.5e10'] } : row]),
  },
  {
    name: 'three weeks missing each quarter year',
    of: power(() => (row) => (Math.floor(row.time / DAY_MS) % 91 < 21 ? [] : [row])),
  },
  { name: 'each third row twice', of: both(() => (row, at) => (at % 3 === 0 ? [row, row] : [row])) },
];
