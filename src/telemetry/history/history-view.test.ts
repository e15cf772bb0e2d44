import { describe, expect, test } from 'bun:test';
import type { NumericMetric } from '../../core/metrics.ts';
import type { HistorySeries } from '../figures.ts';
import { colourOf } from '../metric-look.ts';
import { planPanels } from './chart-panels.ts';
import { gatherLines } from './history-gather.ts';
import { linesOf } from './history-lines.ts';
import { axisOf, buildChart, type ChartInput, type ChartPanel, smoothOver } from './history-view.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 10, 21, 12);

function historyOf(of: Partial<Record<NumericMetric, (number | null)[]>>, bucketMs: number): HistorySeries {
  const count = Math.max(...Object.values(of).map((list) => list?.length ?? 0));
  const times = Array.from({ length: count }, (_, i) => now - (count - i) * bucketMs);
  const shifted = (by: number) =>
    Object.fromEntries(
      Object.entries(of).map(([name, list]) => [name, list?.map((v) => (v === null ? null : v + by))]),
    );
  return { times, series: of, lows: shifted(-50), highs: shifted(50), bucketMs };
}

const build = (
  of: Partial<Record<NumericMetric, (number | null)[]>>,
  more: Partial<ChartInput> & { bucketMs?: number } = {},
) => {
  const history = historyOf(of, more.bucketMs ?? HOUR);
  return buildChart({
    ...gatherLines(linesOf(Object.keys(of) as NumericMetric[]), [{ scope: null, label: 'House', history }]),
    isTogether: false,
    range: { from: history.times[0] ?? now, to: now },
    now,
    timeZone: 'Europe/Lisbon',
    place: { latitude: 38.72, longitude: -9.14 },
    temperatureUnit: 'celsius',
    intervalMs: null,
    ...more,
  });
};

describe('a chart of a day', () => {
  test('has one panel and one axis a unit, in kW from 1,000 W on', () => {
    const chart = build({ solarPower: [0, 1200, 2400], loadPower: [300, 400, 500], stateOfCharge: [40, 50, 60] });
    expect(chart.panels.map((panel) => [panel.axisUnit, panel.lines.map((line) => line.label), panel.size])).toEqual([
      ['kW', ['Solar', 'House'], 'tall'],
      ['%', ['Charge'], 'low'],
    ]);
    expect(chart.panels[0]?.tickTexts).toContain('2.5');
    expect(chart.panels[1]?.scale).toMatchObject({ min: 0, max: 100 });
    expect(build({ loadPower: [300, 400] }).panels[0]?.axisUnit).toBe('W');
  });

  test('draws bands only where few lines leave room for them', () => {
    expect(build({ batteryVoltage: [50, 51] }).panels[0]?.lines[0]?.lows).toEqual([0, 1]);
    const many = build({ solarPower: [1], loadPower: [1], gridPower: [1] });
    expect(many.panels[0]?.lines.every((line) => line.lows === null && line.smooth === null)).toBe(true);
  });

  test('tells lines of one colour apart by their pattern', () => {
    const lines = build({ batteryVoltage: [50], solarVoltage: [90], busVoltage: [380], gridVoltage: [230] }).panels[0]
      ?.lines;
    expect(lines?.map((line) => [line.colour, line.pattern])).toEqual([
      ['battery', 0],
      ['solar', 0],
      ['plain', 0],
      ['grid', 0],
    ]);
    const two = build({ totalEnergyProduced: [1], dailyEnergyProduced: [1] }).panels[0]?.lines;
    expect(two?.map((line) => line.pattern)).toEqual([0, 1]);
  });

  test('turns degrees into those that the person reads', () => {
    const chart = build({ batteryTemperature: [20, null] }, { temperatureUnit: 'fahrenheit' });
    expect(chart.panels[0]?.axisUnit).toBe('°F');
    expect(chart.panels[0]?.lines[0]?.values).toEqual([68, null]);
  });

  test('joins readings up to three of their usual distances, and never less than 15 min', () => {
    expect(build({ loadPower: [1] }, { bucketMs: 60_000 }).maxGapMs).toBe(900_000);
    expect(build({ loadPower: [1] }, { bucketMs: 60_000, intervalMs: 600_000 }).maxGapMs).toBe(1_800_000);
    expect(build({ loadPower: [1] }, { bucketMs: DAY }).maxGapMs).toBe(1.5 * DAY);
  });

  test('is empty when nothing was measured', () => {
    expect(build({ loadPower: [null, null] }).isEmpty).toBe(true);
    expect(build({ loadPower: [null, 0] }).isEmpty).toBe(false);
  });
});

describe('two units over each other', () => {
  test('have an axis on either side with the same rules', () => {
    const chart = build({ solarPower: [0, 1900, 900], stateOfCharge: [40, 50, null] }, { isTogether: true });
    const [panel] = chart.panels;
    expect(chart.panels).toHaveLength(1);
    expect(panel?.lines.map((line) => [line.label, line.axis])).toEqual([
      ['Solar', 'left'],
      ['Charge', 'right'],
    ]);
    expect(panel).toMatchObject({ axisUnit: 'kW', right: { axisUnit: '%' } });
    expect(panel?.right?.scale.ticks.length).toBe(panel?.scale.ticks.length as number);
    for (const line of panel?.lines ?? []) {
      const { scale } = axisOf(panel as ChartPanel, line);
      for (const value of line.values) {
        if (value === null) continue;
        expect(value).toBeGreaterThanOrEqual(scale.min);
        expect(value).toBeLessThanOrEqual(scale.max);
      }
    }
  });

  test('never say more than 100 %', () => {
    const chart = build({ batteryVoltage: [48, 50.4], stateOfCharge: [40, 50] }, { isTogether: true });
    expect(chart.panels[0]?.right?.tickTexts.every((text) => Number(text) <= 100)).toBe(true);
  });

  test('stand apart where there are three', () => {
    const of = { solarPower: [1], stateOfCharge: [1], batteryVoltage: [1] };
    expect(build(of, { isTogether: true }).panels.map((panel) => panel.right)).toEqual([null, null, null]);
  });
});

describe('lines of several sources', () => {
  const part = (scope: string | null, label: string, bucketMs: number, values: (number | null)[]) => ({
    ...{ scope, label },
    history: {
      times: values.map((_, i) => now - 4 * HOUR + i * bucketMs),
      ...{ series: { solarPower: values }, lows: {}, highs: {}, bucketMs },
    },
  });

  test('lie in the buckets of the finest, each with whose it is; a gap of one is its own', () => {
    const lines = [
      { metric: 'solarPower', scope: null },
      { metric: 'solarPower', scope: 'source:garage' },
    ] as const;
    const gathered = gatherLines(lines, [
      part(null, 'House', HOUR, [10, null, 30, 40]),
      part('source:garage', 'Garage', HOUR / 2, [1, 2, 3, 4, null, null, 7, 8]),
    ]);
    expect(gathered.bucketMs).toBe(HOUR / 2);
    expect(gathered.lines.map(({ key, whose, values }) => [key, whose, values])).toEqual([
      ['solarPower', 'House', [10, 10, null, null, 30, 30, 40, 40]],
      ['solarPower@source:garage', 'Garage', [1, 2, 3, 4, null, null, 7, 8]],
    ]);
  });

  test('leave out what has nothing, and are empty where nothing has anything', () => {
    const empty = { ...part('source:new', 'New', HOUR, []), scope: 'source:new' };
    const lines = [
      { metric: 'solarPower', scope: null },
      { metric: 'solarPower', scope: 'source:new' },
    ] as const;
    const gathered = gatherLines(lines, [part(null, 'House', HOUR, [1, 2, 3, 4]), empty]);
    expect(gathered.lines[1]?.values).toEqual([null, null, null, null]);
    expect(gatherLines(lines, [empty]).times).toEqual([]);
  });
});

describe('a chart of months', () => {
  const days = Array.from({ length: 120 }, (_, i) => (i % 2 ? 3000 : 1000));

  test('gives each power a panel of its own, with the range of each day and the mean of the week', () => {
    const chart = build({ solarPower: days, loadPower: days, gridPower: days }, { bucketMs: DAY });
    expect(chart.panels.map((panel) => panel.lines.map((line) => line.label))).toEqual([
      ['Solar'],
      ['House'],
      ['Grid'],
    ]);
    const line = chart.panels[0]?.lines[0];
    expect(line?.lows?.[0]).toBe(950);
    expect(line?.hasArea).toBe(false);
    const swing = (list: readonly (number | null)[] = []) =>
      Math.max(...list.map((v) => v ?? 0)) - Math.min(...list.map((v) => v ?? 0));
    expect(swing(line?.values)).toBe(2000);
    expect(swing(line?.smooth?.slice(3, -3))).toBeLessThan(400);
  });

  test('is planned alike before the data are there', () => {
    const lines = linesOf(['solarPower', 'stateOfCharge', 'loadPower']);
    const planned = (to: number, isTogether = false) =>
      planPanels(lines, { range: { from: 0, to }, isTogether }).map(({ left, right }) =>
        [left, right].map((side) => side.map((line) => line.metric)),
      );
    expect(planned(61 * DAY)).toEqual([
      [['solarPower'], []],
      [['loadPower'], []],
      [['stateOfCharge'], []],
    ]);
    expect(planned(DAY)).toEqual([
      [['solarPower', 'loadPower'], []],
      [['stateOfCharge'], []],
    ]);
    expect(planned(DAY, true)).toEqual([[['solarPower', 'loadPower'], ['stateOfCharge']]]);
  });

  test('smooths over what is known, and makes nothing up in a gap', () => {
    expect(smoothOver([0, 10, null, 20, 30], 3)).toEqual([5, 5, null, 25, 25]);
    expect(smoothOver([], 7)).toEqual([]);
  });
});

test('every metric wears the colour of its energy', () => {
  const names: NumericMetric[] = [
    'totalEnergyConsumed',
    'dailyGridExport',
    'totalBatteryCharge',
    'inverterTemperature',
  ];
  expect(names.map(colourOf)).toEqual(['load', 'grid', 'battery', 'plain']);
});
