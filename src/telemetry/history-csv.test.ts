import { describe, expect, test } from 'bun:test';
import { sumUp } from './energy-bars.ts';
import { barsCsv, linesCsv } from './history-csv.ts';
import { buildChart } from './history-view.ts';
import { summariseEnergy } from './house.ts';

const HOUR = 3_600_000;

describe('the CSV of lines', () => {
  // The hour that the clock shows twice, in Lisbon on 25 October 2026.
  const from = Date.UTC(2026, 9, 25, 0);
  const model = buildChart({
    history: {
      times: [from, from + HOUR, from + 2 * HOUR],
      series: { solarPower: [0, null, 12.3456], batteryTemperature: [20, null, null] },
      lows: {},
      highs: {},
      bucketMs: HOUR,
    },
    metrics: ['solarPower', 'batteryTemperature'],
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
      },
      false,
    ),
    period: '2026-11-20',
  };

  test('has a row a period, in kWh, with its coverage; unknown is empty and zero is zero', () => {
    const bars = {
      period: 'day' as const,
      items: [item],
      total: sumUp([item], false),
      hasGrid: false,
      hasBattery: true,
    };
    expect(barsCsv(bars, 'UTC').split('\r\n')).toEqual([
      'day (UTC),produced (kWh),used (kWh),bought (kWh),sold (kWh),charged (kWh),discharged (kWh),coverage',
      '2026-11-20,4.142,,,,0,0.5,0.988',
      '',
    ]);
  });
});
