import { expect, test } from 'bun:test';
import { computeFlows, type NodePowers } from './flows.ts';
import { sayFlows } from './live-words.ts';

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
    [{}, 'Nothing is known right now.'],
  ];
  for (const [powers, text] of cases) {
    const all = { ...none, ...powers };
    expect(sayFlows(all, computeFlows(all))).toBe(text);
  }
});
