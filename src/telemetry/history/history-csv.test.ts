import { describe, expect, test } from 'bun:test';
import { sumUp } from '../energy/energy-bars.ts';
import { summariseEnergy } from '../house/house.ts';
import { barsCsv, linesCsv } from './history-csv.ts';
import { gatherLines } from './history-gather.ts';
import { linesOf } from './history-lines.ts';
import { buildChart } from './history-view.ts';

const HOUR = 3_600_000;

describe('the CSV of lines', () => {
  // The hour that the clock shows twice, in Lisbon on 25 October 2026.
  const from = Date.UTC(2026, 9, 25, 0);
  const model = buildChart({
    ...gatherLines(linesOf(['solarPower', 'batteryTemperature']), [
      {
        scope: null,
        label: 'House',
        history: {
          times: [from, from + HOUR, from + 2 * HOUR],
          series: { solarPower: [0, null, 12.3456], batteryTemperature: [20, null, null] },
          lows: {},
          highs: {},
          bucketMs: HOUR,
        },
      },
    ]),
    isTogether: false,
    range: { from, to: from + 3 * HOUR },
    now: from + 3 * HOUR,
    timeZone: 'Europe/Lisbon',
    place: { latitude: 38.72, longitude: -9.14 },
    temperatureUnit: 'fahrenheit',
    intervalMs: null,
  });

  test('names zone and units, gives each time its offset, and leaves unknown values empty', () => {
    expect(linesCsv(model).split('\r\n')).toEqual([
      'time (Europe/Lisbon),Solar power (W),Battery temperature (°F)',
      '2026-10-25T01:00:00+01:00,0,68',
      '2026-10-25T02:00:00+00:00,12.346,',
      '',
    ]);
  });
});

test('the CSV has what is drawn: bands, and the mean of the week where that is the line', () => {
  const day = 24 * HOUR;
  const days = Array.from({ length: 70 }, (_, i) => Date.UTC(2026, 0, 1) + i * day);
  const model = buildChart({
    ...{ times: days, bucketMs: day, isTogether: false },
    lines: [
      {
        ...{ key: 'loadPower@source:x', metric: 'loadPower', whose: 'Barn, old' },
        values: days.map((_, i) => i),
        lows: days.map(() => 0),
        highs: days.map(() => 500),
      },
    ],
    range: { from: days[0] as number, to: (days[69] as number) + day },
    now: Date.UTC(2026, 5, 1),
    timeZone: 'UTC',
    place: { latitude: 0, longitude: 0 },
    temperatureUnit: 'celsius',
    intervalMs: null,
  });
  const [header, first] = linesCsv(model).split('\r\n');
  expect(header).toBe(
    'time (UTC),"Load power, Barn, old (W)","Load power, Barn, old, mean of the week (W)","Load power, Barn, old, lowest (W)","Load power, Barn, old, highest (W)"',
  );
  expect(first).toBe('2026-01-01T00:00:00+00:00,0,1.5,0,500');
});

describe('the CSV of energy', () => {
  const item = {
    ...summariseEnergy(
      {
        solarKwh: 4.14159,
        loadKwh: null,
        importKwh: null,
        exportKwh: null,
        chargeKwh: 0,
        dischargeKwh: 0.5,
        coverage: 0.98765,
        origins: { solar: { from: 'counter', powerKwh: 0, bridgedKwh: 1.23456, coverage: 0.98765 } },
      },
      false,
    ),
    period: '2026-11-20',
  };

  test('has a row a period, in kWh, with its coverage and what a counter knew of gaps; unknown is empty and zero is zero', () => {
    const bars = {
      period: 'day' as const,
      items: [item],
      total: sumUp([item], false, { coverage: 1 }),
      hasGrid: false,
      hasBattery: true,
    };
    expect(barsCsv(bars, 'UTC').split('\r\n')).toEqual([
      'day (UTC),produced (kWh),used (kWh),bought (kWh),sold (kWh),charged (kWh),discharged (kWh),coverage,produced in gaps (kWh),used in gaps (kWh),bought in gaps (kWh),sold in gaps (kWh),charged in gaps (kWh),discharged in gaps (kWh)',
      '2026-11-20,4.142,,,,0,0.5,0.988,1.235,,,,,',
      '',
    ]);
  });
});
