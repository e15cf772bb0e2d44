import { expect, test } from 'bun:test';
import { computeFlows, type NodePowers } from './flows.ts';
import { sayFlows, sayImbalance } from './live-words.ts';

const none: NodePowers = { solar: null, load: null, grid: null, battery: null, generator: null };

test('one or two sentences say what happens now', () => {
  const cases: [Partial<NodePowers>, string][] = [
    [{ solar: 3000, load: 1000, battery: 2000, grid: 0 }, 'The sun feeds the house and charges the battery.'],
    [
      { solar: 5000, load: 1000, battery: 2000, grid: -2000 },
      'The sun feeds the house, charges the battery and sells the rest.',
    ],
    [{ solar: 5000, load: 0, battery: 0, grid: -5000 }, 'The sun feeds the grid.'],
    [{ solar: 0, load: 700, battery: -700, grid: 0 }, 'The battery feeds the house.'],
    [{ solar: 300, load: 900, battery: -600, grid: 0 }, 'The battery and the sun feed the house.'],
    [{ solar: 0, load: 900, battery: 0, grid: 900 }, 'The grid feeds the house.'],
    [{ solar: 0, load: 900, battery: 1000, grid: 1900 }, 'The grid feeds the house and charges the battery.'],
    [
      { solar: 1000, load: 600, battery: 2000, grid: 1600 },
      'The sun feeds the house. The grid and the sun charge the battery.',
    ],
    [{ load: 500, battery: -3000, grid: -2500 }, 'The battery feeds the house and sells the rest.'],
    [{ generator: 2000, load: 800, battery: 1200 }, 'The generator feeds the house and charges the battery.'],
    [{ solar: 990, load: 1000, grid: 10 }, 'The sun feeds the house.'],
    [{ solar: 0, load: 0, battery: 0, grid: 0 }, 'All is quiet: hardly any power flows.'],
    [{ solar: 3, load: 5, battery: 0, grid: -4 }, 'All is quiet: hardly any power flows.'],
    // Late figures beside a fresh one: what is shown is what is said.
    [{ solar: 211, load: 5, battery: -200 }, 'The sun and the battery give power, but nothing is seen to use it.'],
    [{ solar: 0, load: 900, battery: 0, grid: 0 }, 'The house uses power, but nothing is seen to give it.'],
    [{ solar: 0, load: 0, battery: 700 }, 'The battery takes power, but nothing is seen to give it.'],
    [{ load: 640 }, 'The house is using power.'],
    [{}, 'Nothing is known right now.'],
  ];
  for (const [powers, text] of cases) {
    const all = { ...none, ...powers };
    expect(sayFlows(all, computeFlows(all))).toBe(text);
  }
});

test('figures that do not add up are said to, with what they differ by', () => {
  const say = (powers: Partial<NodePowers>, agesApartMs: number) => {
    const flows = computeFlows({ ...none, ...powers });
    return sayImbalance({ ...none, ...powers }, flows.residualW, agesApartMs)?.replaceAll('\u00a0', ' ') ?? null;
  };
  const late = { solar: 211, load: 5, battery: -200 };
  expect(say(late, 40_000)).toBe('The readings do not add up by 406 W: some are older than others.');
  expect(say(late, 0)).toBe('The readings do not add up by 406 W: something is not measured.');
  expect(say({ solar: 0, load: 2500, battery: -200 }, 0)).toBe(
    'The readings do not add up by 2.30 kW: something is not measured.',
  );
  // What an inverter loses is not worth a word.
  expect(say({ solar: 3200, load: 700, battery: 2300, grid: 0 }, 40_000)).toBeNull();
  expect(say({ solar: 0, load: 40, battery: -95 }, 40_000)).toBeNull();
  expect(say({ solar: 211, battery: -200 }, 40_000)).toBeNull();
});
