import { describe, expect, test } from 'bun:test';
import { seconds } from '../../core/durations.ts';
import { listener } from '../../testing/listener.ts';
import { suppliedSign } from './sign-supply.ts';

const AT = Date.UTC(2026, 5, 21, 10);
const NIGHT = Date.UTC(2026, 5, 21, 23);
const isDark = (at: number): boolean => at >= NIGHT;

describe('a battery that is alone with the load and the panels', () => {
  const of = (solar: number | null, load: number, grid: number | null, battery: number) =>
    suppliedSign({ solar, load, grid, battery });

  test('feeds the house at night, whatever its inverter takes for itself', () => {
    expect(of(0, 200, 0, 290)).toEqual({ sign: -1 });
    expect(of(0, 200, 0, -290)).toEqual({ sign: 1 });
    expect(of(0, 2000, -15, -2350)).toEqual({ sign: 1 });
  });

  test('takes what the panels give beyond what is used', () => {
    expect(of(3000, 800, 10, 1900)).toEqual({ sign: 1 });
    expect(of(3000, 800, 10, -1900)).toEqual({ sign: -1 });
  });

  test('says nothing of its sign where its power is not what is left', () => {
    expect(of(0, 300, 0, 3000)).toEqual({ sign: null });
    expect(of(0, 2000, 0, 500)).toEqual({ sign: null });
    expect(of(3000, 800, 0, 500)).toEqual({ sign: null });
  });

  test.each<[string, number | null, number, number | null, number]>([
    ['something is bought or sold', 0, 500, 400, -500],
    ['nothing is known of the grid', 0, 500, null, 500],
    ['nothing is known of the sun', null, 500, 0, 500],
    ['the sun gives what is used', 600, 500, 0, 100],
    ['next to nothing flows', 0, 40, 0, 50],
  ])('is not judged where %s', (_, solar, load, grid, battery) => {
    expect(of(solar, load, grid, battery)).toBeNull();
  });
});

describe('a battery that only charges, or only discharges', () => {
  /** Panels, load and charge of a morning, W. */
  const morning = Array.from({ length: 12 }, (_, i) => ({ solar: 1200 + 150 * i, load: 400 + 40 * (i % 5) }));
  const powersOf = ({ solar, load }: { solar: number; load: number }) => ({ solar, load, battery: solar - load });

  test('is taken topic by topic once its device has added up for some moments, wherever in the round it comes', () => {
    for (const order of [
      ['solar', 'load', 'battery'],
      ['battery', 'solar', 'load'],
    ] as const) {
      const { say } = listener(isDark);
      const said = morning.map((house, i) => {
        const values = order.map((what, n) =>
          say(
            `ems/${what === 'solar' ? 'pv' : what}/power`,
            String(powersOf(house)[what]),
            AT + seconds(30 * i) + n * 300,
          ),
        );
        return Object.assign({}, ...values).batteryPower;
      });
      expect(said.slice(0, 3)).toEqual([undefined, undefined, undefined]);
      expect(said.slice(9)).toEqual(morning.slice(9).map((house) => powersOf(house).battery));
    }
  });

  test('is no message that nobody knows while it waits for the rest of its round', () => {
    const { say, dialectOf } = listener(isDark);
    const known = morning.map((house, i) => {
      const { solar, load, battery } = powersOf(house);
      const at = AT + seconds(30 * i);
      const dialect = dialectOf('ems/battery/power', String(battery), at);
      say('ems/pv/power', String(solar), at + 300);
      say('ems/load/power', String(load), at + 600);
      return dialect;
    });
    expect([known[1], known.at(-1)]).toEqual([null, 'plain-names']);
  });

  test('is taken where it says an amount only, each moment the way that it flows then', () => {
    const { say } = listener(isDark);
    const evening = Array.from({ length: 12 }, (_, i) => ({ solar: 300 - 20 * i, load: 900 + 60 * i }));
    const said = [...morning, ...evening].map((house, i) => {
      const { solar, load, battery } = powersOf(house);
      const at = AT + seconds(30 * i);
      say('ems/pv/power', String(solar), at);
      say('ems/load/power', String(load), at + 100);
      return say('ems/battery/power', String(Math.abs(battery)), at + 200).batteryPower;
    });
    expect(said.slice(12)).toEqual(evening.map((house) => powersOf(house).battery));
  });

  test('is taken at night of an inverter that loses much, with nothing from the grid', () => {
    const { say } = listener(isDark);
    const said = Array.from({ length: 12 }, (_, i) => {
      const load = 180 + 60 * (i % 6);
      const values = { pv_power: 0, load_power: load, grid_power: 0, battery_power: Math.round(1.1 * load + 60) };
      return say('ems/all', { ...values, battery_soc: 61 }, NIGHT + seconds(30 * i)).batteryPower;
    });
    expect(said.slice(10)).toEqual([-(180 + 240) * 1.1 - 60, -(180 + 300) * 1.1 - 60].map(Math.round));
  });

  test('is taken at night of a device that does not speak of panels', () => {
    const { say } = listener(isDark);
    const told = (from: number) =>
      Array.from({ length: 12 }, (_, i) => {
        const load = 500 + 90 * (i % 6);
        const at = from + seconds(30 * i);
        say('ems/load/power', String(load), at);
        say('ems/grid/power', '4', at + 100);
        return say('ems/battery/power', String(load + 10), at + 200).batteryPower;
      }).at(-1);
    expect(told(AT)).toBeUndefined();
    expect(told(NIGHT)).toBe(-(500 + 450 + 10));
  });

  test('is taken of a device that announces itself', () => {
    const { say } = listener(isDark);
    const device_ = { identifiers: ['abc1'], name: 'Hybrid' };
    for (const [id, name] of [
      ['pv', 'PV Power'],
      ['load', 'Load Power'],
      ['bat', 'Battery Power'],
    ] as const)
      say(
        `homeassistant/sensor/abc1/${id}/config`,
        {
          ...{ name, unique_id: `abc1_${id}`, state_topic: `hybrid/${id}`, device: device_ },
          ...{ unit_of_measurement: 'W', device_class: 'power', state_class: 'measurement' },
        },
        AT - 1000,
      );
    const said = morning.map((house, i) => {
      const { solar, load, battery } = powersOf(house);
      const at = AT + seconds(30 * i);
      const first = say('hybrid/bat', String(battery), at);
      say('hybrid/pv', String(solar), at + 100);
      return { ...first, ...say('hybrid/load', String(load), at + 200) }.batteryPower;
    });
    expect(said[1]).toBeUndefined();
    expect(said.slice(9)).toEqual(morning.slice(9).map((house) => powersOf(house).battery));
  });
});
