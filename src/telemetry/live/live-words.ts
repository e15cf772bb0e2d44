import { capitalised, formatPercent, formatPower, joinShown, listWords } from '../../core/format.ts';
import { type Flows, type NodePowers, QUIET_W } from './flows.ts';

const names = { solar: 'the sun', battery: 'the battery', generator: 'the generator', grid: 'the grid' } as const;
type Supplier = keyof typeof names;

/**
 * What happens now, in one or two plain sentences: "The sun feeds the house and charges the battery." `charge` is the
 * battery's state of charge in percent, null where it is not known now.
 */
export function sayFlows(powers: NodePowers, flows: Flows, charge: number | null = null): string {
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
  if (feeders.length + chargers.length + sellers.length === 0) return sayQuiet(powers, charge);
  const alone = onlyOne([...feeders, ...chargers, ...sellers]);
  if (alone) {
    const deeds = [
      ...(feeders.length ? ['feeds the house'] : []),
      ...(chargers.length ? ['charges the battery'] : []),
      ...(sellers.length ? [feeders.length + chargers.length ? 'sells the rest' : 'feeds the grid'] : []),
    ];
    return `${capitalised(names[alone])} ${listWords(deeds)}.`;
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
  return `${capitalised(listWords(suppliers.map((s) => names[s])))} ${suppliers.length === 1 ? one : many}.`;
}

/** With less the house may be dark because the battery is empty. %. */
const LOW_CHARGE = 20;

/** No line between any two: either nothing flows, or what gives and what takes do not belong together. */
function sayQuiet(powers: NodePowers, charge: number | null): string {
  const known = Object.values(powers).filter((p) => p !== null);
  if (known.length === 0) return 'Nothing is known right now.';
  if (powers.load !== null && powers.load > QUIET_W && known.length === 1) return 'The house is using power.';
  const { givers, takers } = loudOnes(powers);
  if (givers.length > 0) return `${oneSided(givers, 'gives', 'give')} power, but nothing is seen to use it.`;
  if (takers.length > 0) return `${oneSided(takers, 'uses', 'take')} power, but nothing is seen to give it.`;
  if (charge !== null && charge <= LOW_CHARGE)
    return `The battery is down to ${joinShown(formatPercent(charge))}, and hardly any power flows.`;
  // Where nobody measures the house, it may well be using power.
  return powers.load === null ? 'No power is seen to flow.' : 'All is quiet: hardly any power flows.';
}

function loudOnes(powers: NodePowers): { givers: string[]; takers: string[] } {
  const isLoud = (watts: number | null): boolean => watts !== null && watts > QUIET_W;
  const away = (watts: number | null): number | null => (watts === null ? null : -watts);
  const pick = (all: readonly (readonly [string, number | null])[]): string[] =>
    all.filter(([, watts]) => isLoud(watts)).map(([name]) => name);
  return {
    givers: pick([
      [names.solar, powers.solar],
      [names.battery, away(powers.battery)],
      [names.generator, powers.generator],
      [names.grid, powers.grid],
    ]),
    takers: pick([
      ['the house', powers.load],
      [names.battery, powers.battery],
      [names.grid, away(powers.grid)],
    ]),
  };
}

function oneSided(who: string[], one: string, many: string): string {
  const verb = who.length > 1 ? many : who[0] === names.battery && one === 'uses' ? 'takes' : one;
  return `${capitalised(listWords(who))} ${verb}`;
}

/** Losses in the inverter and its own use: up to this nobody needs to know. */
const LEAST_W = 100;
const LEAST_SHARE = 0.15;
/** Measured further apart than this, figures may simply tell of different moments. ms. */
const APART_MS = 10_000;

/**
 * Says that the figures shown contradict each other: `residualW` of the flows beyond what losses explain. `agesApartMs`
 * is the time between the oldest and the newest of them. Null when they add up well enough.
 */
export function sayImbalance(powers: NodePowers, residualW: number | null, agesApartMs: number): string | null {
  const largest = Math.max(...Object.values(powers).map((watts) => Math.abs(watts ?? 0)));
  if (residualW === null || Math.abs(residualW) <= Math.max(LEAST_W, LEAST_SHARE * largest)) return null;
  const why = agesApartMs > APART_MS ? 'some are older than others' : 'something is not measured';
  return `The readings do not add up by ${joinShown(formatPower(Math.abs(residualW)))}: ${why}.`;
}
