import { listWords } from '../core/format.ts';
import type { Flows, NodePowers } from './flows.ts';

const names = { solar: 'the sun', battery: 'the battery', generator: 'the generator', grid: 'the grid' } as const;
type Supplier = keyof typeof names;

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** What happens now, in one or two plain sentences: "The sun feeds the house and charges the battery." */
export function sayFlows(powers: NodePowers, flows: Flows): string {
  const { lines } = flows;
  const house: [Supplier, number][] = [
    ['solar', lines.solarToLoad],
    ['battery', lines.batteryToLoad],
    ['generator', lines.generatorToLoad],
    ['grid', lines.gridToLoad],
  ];
  const charging: [Supplier, number][] = [
    ['solar', lines.solarToBattery],
    ['generator', lines.generatorToBattery],
    ['grid', lines.gridToBattery],
  ];
  const selling: [Supplier, number][] = [
    ['solar', lines.solarToGrid],
    ['battery', lines.batteryToGrid],
  ];
  const feeders = active(house);
  const chargers = active(charging);
  const sellers = active(selling);
  if (feeders.length + chargers.length + sellers.length === 0) return sayQuiet(powers);
  const alone = onlyOne([...feeders, ...chargers, ...sellers]);
  if (alone) {
    const deeds = [
      ...(feeders.length ? ['feeds the house'] : []),
      ...(chargers.length ? ['charges the battery'] : []),
      ...(sellers.length ? [feeders.length + chargers.length ? 'sells the rest' : 'feeds the grid'] : []),
    ];
    return `${upper(names[alone])} ${listWords(deeds)}.`;
  }
  return [
    sentence(feeders, 'feeds the house', 'feed the house'),
    sentence(chargers, 'charges the battery', 'charge the battery'),
    sentence(sellers, 'feeds the grid', 'feed the grid'),
  ]
    .filter(Boolean)
    .join(' ');
}

/** Suppliers that give something worth naming: at least 2 % of what flows to that place, the largest first. */
function active(shares: [Supplier, number][]): Supplier[] {
  const all = shares.reduce((sum, [, watts]) => sum + watts, 0);
  return shares
    .filter(([, watts]) => watts > 0 && watts >= all * 0.02)
    .sort((a, b) => b[1] - a[1])
    .map(([name]) => name);
}

const onlyOne = (suppliers: Supplier[]): Supplier | null => {
  const first = suppliers[0];
  return first && suppliers.every((s) => s === first) ? first : null;
};

function sentence(suppliers: Supplier[], one: string, many: string): string {
  if (suppliers.length === 0) return '';
  return `${upper(listWords(suppliers.map((s) => names[s])))} ${suppliers.length === 1 ? one : many}.`;
}

function sayQuiet(powers: NodePowers): string {
  const known = Object.values(powers).filter((p) => p !== null);
  if (known.length === 0) return 'Nothing is known right now.';
  if (powers.load !== null && powers.load > 0 && known.length === 1) return 'The house is using power.';
  return 'All is quiet: hardly any power flows.';
}
