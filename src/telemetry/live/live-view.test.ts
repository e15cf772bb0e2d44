import { describe, expect, test } from 'bun:test';
import type { MetricValues } from '../../core/reading.ts';
import type { Source, SourceRole } from '../../sources/source.ts';
import type { EnergyTotals, LatestReading } from '../figures.ts';
import { buildLiveView } from './live-view.ts';

/** Noon in Lisbon, the sun up. */
const now = Date.UTC(2026, 5, 21, 12);
const MINUTE = 60_000;

const source = (id: string, role: SourceRole = 'system'): Source => ({
  id,
  ownerId: 'ada',
  groupId: null,
  name: id,
  description: '',
  role,
  connectionType: 'mqtt',
  latitude: 38.72,
  longitude: -9.14,
  timeZone: 'Europe/Lisbon',
  mqttTopic: `ampra/${id}/telemetry`,
  isActive: true,
  installedCapacityW: null,
  inverterLimitW: null,
  arrays: [],
  currency: 'EUR',
  systemCostMinor: null,
  maintenancePerYearMinor: null,
  installationDate: null,
  iconFile: null,
  createdAt: 0,
  updatedAt: 0,
  version: 1,
});

const said = (values: MetricValues, ageMs = 1000, derived: LatestReading['derived'] = []): LatestReading => ({
  time: now - ageMs,
  values,
  times: {},
  derived,
});

interface House {
  sources: Source[];
  latest: Record<string, LatestReading>;
  today?: EnergyTotals;
  at?: number;
  /** Usual time between readings, where it is not 10 s. */
  intervals?: Record<string, number>;
}

const viewOf = ({ sources, latest, today, at = now, intervals = {} }: House) =>
  buildLiveView({
    now: at,
    sources,
    latest: (id) => latest[id],
    intervalMs: (id) => intervals[id] ?? 10_000,
    counted: sources,
    today: today ?? null,
  });
const plain = (text: string | null): string | null => text?.replaceAll('\u00a0', ' ') ?? null;

describe('what Live shows of a house', () => {
  test('of one inverter is its figures, what it does with them, and a sentence', () => {
    const values = { solarPower: 3200, loadPower: 700, batteryPower: 2400, gridPower: -100, stateOfCharge: 64 };
    const view = viewOf({ sources: [source('roof')], latest: { roof: said(values) } });
    expect(view.nodes.map(({ name, shown, state }) => `${name} ${shown.text} ${shown.unit} ${state}`.trim())).toEqual([
      'solar 3.20 kW',
      'load 700 W',
      'grid 100 W selling',
      'battery 2.40 kW charging',
    ]);
    expect(view.sentence).toBe('The sun feeds the house, charges the battery and sells the rest.');
    expect(view.imbalance).toBeNull();
    expect(view.soc?.shown).toEqual({ text: '64', unit: '%' });
    expect(view.isEmpty).toBe(false);
  });

  test('says that late figures beside a fresh one do not add up, and never that all is quiet above them', () => {
    const view = viewOf({
      sources: [source('sun', 'solar'), source('pack', 'battery'), source('meter', 'load')],
      latest: {
        sun: said({ solarPower: 211 }, 40_000),
        pack: said({ batteryPower: -200 }, 41_000),
        meter: said({ loadPower: 5 }),
      },
    });
    expect(view.sentence).toBe('The sun and the battery give power, but nothing is seen to use it.');
    expect(plain(view.imbalance)).toBe('The readings do not add up by 406 W: some are older than others.');
  });

  test('leaves out of sentence and sum what is too old to be now', () => {
    const view = viewOf({
      sources: [source('sun', 'solar'), source('meter', 'load'), source('grid', 'grid')],
      latest: {
        sun: said({ solarPower: 4000 }, 20 * MINUTE),
        meter: said({ loadPower: 900 }),
        grid: said({ gridPower: 900 }),
      },
    });
    expect(view.nodes.find((node) => node.name === 'solar')).toMatchObject({ freshness: 'stale', age: '20 min ago' });
    expect(view.sentence).toBe('The grid feeds the house.');
    expect(view.imbalance).toBeNull();
  });

  test('shows no sum as what is now when each of its parts is too old, one of a slow source among them', () => {
    const view = viewOf({
      sources: [source('roof'), source('barn')],
      latest: {
        roof: said({ batteryPower: 900, solarPower: 900 }, 8 * MINUTE),
        barn: said({ batteryPower: 1200, solarPower: 1200 }, 40 * MINUTE),
      },
      intervals: { barn: MINUTE },
    });
    const battery = view.nodes.find((node) => node.name === 'battery');
    expect(battery).toMatchObject({ freshness: 'stale', age: '8 min ago' });
    expect(view.sentence).toBe('Nothing has been heard for 8 min.');
  });

  test('says for how long nothing was heard when all are silent', () => {
    const view = viewOf({ sources: [source('roof')], latest: { roof: said({ solarPower: 1 }, 25 * MINUTE) } });
    expect(view.sentence).toBe('Nothing has been heard for 25 min.');
    expect(view.imbalance).toBeNull();
  });

  test('does not say that nothing was heard while something else than powers was', () => {
    const heard = (minutes: number) =>
      viewOf({
        sources: [source('inverter')],
        latest: {
          inverter: {
            ...said({ solarPower: 1000, stateOfCharge: 77 }, minutes * MINUTE),
            times: { solarPower: now - 44 * MINUTE, stateOfCharge: now - minutes * MINUTE },
          },
        },
      }).sentence;
    expect(heard(1)).toBe('No power has been heard of for 44 min.');
    expect(heard(40)).toBe('Nothing has been heard for 40 min.');
  });

  test('never says that all is well in a house that is dark with an empty battery', () => {
    const dark = { solarPower: 0, loadPower: 0, batteryPower: 0, gridPower: 0 };
    const sentenceOf = (values: MetricValues, ageMs?: number) =>
      plain(viewOf({ sources: [source('roof')], latest: { roof: said(values, ageMs) } }).sentence);
    expect(sentenceOf({ ...dark, stateOfCharge: 5 })).toBe('The battery is down to 5 %, and hardly any power flows.');
    expect(sentenceOf({ ...dark, stateOfCharge: 80 })).toBe('All is quiet: hardly any power flows.');
    expect(sentenceOf({ ...dark, stateOfCharge: 5, gridPower: 300, loadPower: 300 })).toBe('The grid feeds the house.');
    expect(sentenceOf({ solarPower: 0 })).toBe('No power is seen to flow.');
  });

  test('names the faults that a device tells of', () => {
    const values = { loadPower: 0, faultCodes: ['F04'] };
    expect(viewOf({ sources: [source('roof')], latest: { roof: said(values) } }).faults).toMatchObject([
      { sourceId: 'roof', kind: 'fault', sentence: 'roof reports the fault F04.', isNow: true },
    ]);
  });

  test('is empty until a source has spoken', () => {
    const view = viewOf({ sources: [source('roof')], latest: {} });
    expect(view.isEmpty).toBe(true);
    expect(view.sources[0]).toMatchObject({ freshness: 'never', text: 'no reading yet' });
    expect(view.sentence).toBe('Nothing is known right now.');
  });

  test('works out what the house uses from sun and grid, and marks it', () => {
    const view = viewOf({
      sources: [source('sun', 'solar'), source('grid', 'grid')],
      latest: { sun: said({ solarPower: 3000 }), grid: said({ gridPower: -1200 }) },
    });
    expect(view.nodes.find((node) => node.name === 'load')).toMatchObject({ value: 1800, isDerived: true });
  });

  test('lets a solar source sleep at night, and not by day', () => {
    const night = Date.UTC(2026, 5, 21, 23, 30);
    const heard = { sun: { ...said({ solarPower: 0 }), time: night - 3 * 60 * MINUTE } };
    expect(viewOf({ sources: [source('sun', 'solar')], latest: heard, at: night }).sources[0]?.isAsleep).toBe(true);
    const quiet = { sun: said({ solarPower: 0 }, 180 * MINUTE) };
    expect(viewOf({ sources: [source('sun', 'solar')], latest: quiet }).sources[0]?.isAsleep).toBe(false);
  });

  test('knows at night that panels whose inverters sleep give nothing, and so what the house takes', () => {
    const night = Date.UTC(2026, 5, 21, 23, 30);
    const at = (time: number, values: MetricValues) => ({ ...said(values), time });
    const [sun, meter] = [source('sun', 'solar'), source('meter', 'grid')];
    const heard = {
      sun: at(night - 180 * MINUTE, { solarPower: 3 }),
      meter: at(night - 1000, { gridPower: 410 }),
    };
    const nodeOf = (house: House, name: string) => viewOf(house).nodes.find((node) => node.name === name);
    const house = { sources: [sun, meter], latest: heard, at: night };
    expect(nodeOf(house, 'solar')).toMatchObject({ value: 0, isDerived: true, freshness: 'fresh' });
    expect(nodeOf(house, 'load')).toMatchObject({ value: 410, isDerived: true });
    expect(viewOf(house).sentence).toBe('The grid feeds the house.');
    // The same for micro-inverters that count with all that they send.
    const micro = { ...house, sources: [source('sun'), meter] };
    expect(nodeOf(micro, 'solar')).toMatchObject({ value: 0 });
    // A hybrid that fell silent says nothing of the sun, and who is silent by day neither.
    const hybrid = { ...heard, sun: at(night - 180 * MINUTE, { solarPower: 3, batteryPower: -300 }) };
    expect(nodeOf({ ...micro, latest: hybrid }, 'solar')).toMatchObject({ value: 3, freshness: 'stale' });
    const byDay = { sun: said({ solarPower: 3 }, 180 * MINUTE), meter: said({ gridPower: 410 }) };
    expect(nodeOf({ sources: [sun, meter], latest: byDay }, 'solar')).toMatchObject({ freshness: 'stale' });
    // Where the meter fell silent too, nothing is heard.
    const silent = { ...heard, meter: at(night - 60 * MINUTE, { gridPower: 410 }) };
    expect(viewOf({ ...house, latest: silent }).sentence).toBe('Nothing has been heard for 1 h.');
  });

  test('shows a battery and a grid only where something measures them', () => {
    const view = viewOf({ sources: [source('roof')], latest: { roof: said({ solarPower: 100, loadPower: 90 }) } });
    expect(view).toMatchObject({ hasBattery: false, hasGrid: false, soc: null });
    expect(view.nodes.map((node) => node.name)).toEqual(['solar', 'load']);
  });
});

describe('how long the battery goes on', () => {
  const pack = (batteryPower: number, stateOfCharge: number) =>
    viewOf({
      sources: [source('roof')],
      latest: {
        roof: said({
          solarPower: 0,
          loadPower: 1000,
          batteryPower,
          stateOfCharge,
          batteryCapacity: 200,
          batteryVoltage: 50,
        }),
      },
    }).batteryOutlook;

  test('follows from what it holds and what it gives', () => {
    expect(pack(-1000, 60)).toBe('Lasts about 6 h at this rate.');
    expect(pack(2000, 60)).toBe('Full in about 2 h at this rate.');
    expect(pack(500, 99.8)).toBe('The battery is full.');
  });

  test('is not said of a trickle, nor of days ahead', () => {
    expect(pack(-20, 60)).toBeNull();
    expect(pack(-60, 100)).toBeNull();
  });
});
