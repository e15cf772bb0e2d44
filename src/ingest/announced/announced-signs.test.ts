import { expect, test } from 'bun:test';
import { minutes } from '../../core/durations.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const AT = Date.UTC(2026, 5, 21, 10);
const houses = [
  { solar: 2400, grid: -700, battery: 900 },
  { solar: 1900, grid: -150, battery: 1200 },
  { solar: 0, grid: 120, battery: -800 },
  { solar: 40, grid: 900, battery: -400 },
  { solar: 3100, grid: -1400, battery: 500 },
  { solar: 2600, grid: -1100, battery: 600 },
  { solar: 3300, grid: -1900, battery: 450 },
];

/** A device that nobody knows the maker of, announced with its powers; what it says is times `g` and `b`, and of its battery by halves, too. */
function announced(g: number, b: number, { byHalves = false } = {}) {
  const memory = new DialectMemory();
  const say = (topic: string, payload: unknown, at: number) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const message = { topic, payload: new TextEncoder().encode(text), receivedAt: at, isRetained: false };
    const found = interpretMessage(message, { timeZone: 'UTC', memory });
    return { values: { ...found?.interpretation.readings[0]?.values }, reason: found?.recognition.reason ?? '' };
  };
  const halves = byHalves ? ['Battery charge power', 'Battery discharge power'] : [];
  for (const name of ['PV power', 'Load power', 'Grid power', 'Battery power', ...halves]) {
    const config = {
      name,
      unit_of_measurement: 'W',
      device_class: 'power',
      unique_id: name,
      state_topic: `box/${name}`,
    };
    say(
      `homeassistant/sensor/box/${name.replaceAll(' ', '_')}/config`,
      { ...config, device: { ids: ['box'], name: 'Box' } },
      AT,
    );
  }
  return houses.map(({ solar, grid, battery }, i) => {
    const at = AT + minutes(i + 1);
    say('box/PV power', String(solar), at);
    say('box/Load power', String(solar + grid - battery), at + 50);
    for (const name of halves)
      say(`box/${name}`, String(Math.max(0, name.includes('discharge') ? -battery : battery)), at + 70);
    const ofGrid = say('box/Grid power', String(g * grid), at + 100);
    return { grid: ofGrid.values, battery: say('box/Battery power', String(b * battery), at + 150) };
  });
}

test.each([1, -1])(
  'an announced battery of an unknown maker is taken once the balance proves its sign (%p)',
  (sign) => {
    const all = announced(1, sign);
    expect(all[0]?.battery.values).toEqual({});
    expect(all.at(-1)?.battery.values).toEqual({ batteryPower: 450 });
    const way = sign === 1 ? 'charging' : 'discharging';
    expect(all.at(-1)?.battery.reason).toContain(`only when the battery’s power counts ${way} as positive`);
  },
);

test('an announced grid of an unknown maker is taken as most makers count, until the balance proves the opposite', () => {
  expect(announced(1, 1).map(({ grid }) => grid.gridPower)).toEqual(houses.map(({ grid }) => grid));
  const turned = announced(-1, 1).map(({ grid }) => grid.gridPower);
  expect(turned[0]).toBe(700);
  expect(turned.at(-1)).toBe(-1900);
});

test('what says a battery as a whole and by halves adds up as well, and proves the grid', () => {
  const turned = announced(-1, 1, { byHalves: true });
  expect(turned.at(-1)?.grid.gridPower).toBe(-1900);
  // What its halves say is known without a proof; the whole, whose sign is open, adds nothing to it.
  expect(turned.map(({ battery }) => battery.values.batteryPower).filter((value) => value !== undefined)).toEqual([]);
});
