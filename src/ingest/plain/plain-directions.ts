import { onceForEach } from '../once-for-each.ts';
import type { Leaves } from '../payload/message-view.ts';
import { englishWords } from '../words/name-words.ts';

/** Which way power flows, where a message says so beside the numbers: 1 from the grid and into the battery. */
export interface Directions {
  grid: 1 | -1 | null;
  battery: 1 | -1 | null;
}

type Side = keyof Directions;
interface Flow {
  of: Side;
  way: 1 | -1;
}

const [MOST_NAMES, LONGEST_WORD] = [2000, 40];
const FLOWS: readonly [RegExp, Flow][] = [
  [/^(is )?(battery|storage) discharge$|^battery to$/, { of: 'battery', way: -1 }],
  [/^(is )?(battery|storage) charge$|^to battery$/, { of: 'battery', way: 1 }],
  [/^(is )?grid export$|^to grid$/, { of: 'grid', way: -1 }],
  [/^(is )?grid import$|^grid to$/, { of: 'grid', way: 1 }],
];
const STATE = /\b(state|status|sts|mode|direction|flow)$/;
/** No car's: `ChargeFlag` stands in an inverter's own record. */
const CHARGE_FLAG = /^charge (discharge )?(flag|direction)$/;
const BATTERY = /\b(battery|storage)\b/;
const GRID = /\bgrid\b/;
const TRUE: ReadonlySet<unknown> = new Set([true, 1, '1', 'true', 'on']);
const FALSE: ReadonlySet<unknown> = new Set([false, 0, '0', 'false', 'off']);

/** The flow that a name speaks of (`toGrid`, `is_battery_charging_`); null for any other name. */
const flowOf = onceForEach(MOST_NAMES, (name): Flow | null => {
  const words = englishWords(name);
  return FLOWS.find(([flow]) => flow.test(words))?.[1] ?? null;
});

/** Of what a name says the state (`battery_status`); null for any other name. */
const stateOf = onceForEach(MOST_NAMES, (path): Side | null => {
  const words = englishWords(path.replaceAll('.', ' '));
  if (CHARGE_FLAG.test(words)) return 'battery';
  if (!STATE.test(words)) return null;
  return BATTERY.test(words) ? 'battery' : GRID.test(words) ? 'grid' : null;
});

/** What a state in words says: `Charging`, `entladen`, `exporting`. */
function wayIn(text: string, of: Side): 1 | -1 | null {
  if (text.length > LONGEST_WORD) return null;
  const words = englishWords(text);
  if (of === 'battery') return words === 'charge' ? 1 : words === 'discharge' ? -1 : null;
  return /^(grid )?import$/.test(words) ? 1 : /^(grid )?export$/.test(words) ? -1 : null;
}

/** Which way the power of a message flows by its states, pairs of flags and connections; `place` is of what the whole message speaks. */
export function directionsIn({ byPath }: Leaves, place: string): Directions {
  const ways: Record<Side, Set<1 | -1>> = { grid: new Set(), battery: new Set() };
  const flags: { flow: Flow; isOn: boolean }[] = [];
  for (const [path, value] of byPath) {
    if (typeof value === 'string' && value.length > LONGEST_WORD) continue;
    const name = path.slice(path.lastIndexOf('.') + 1);
    const isFlag = TRUE.has(value) || FALSE.has(value);
    const flow = isFlag ? flowOf(name) : null;
    if (flow) flags.push({ flow, isOn: TRUE.has(value) });
    if (isFlag || typeof value !== 'string') continue;
    if (name === 'from' || name === 'to') addConnection(ways, name, value);
    const of = stateOf(place === '' ? path : `${place} ${path}`);
    const way = of && wayIn(value, of);
    if (of && way) ways[of].add(way);
  }
  for (const { flow, isOn } of flags) {
    // One flag alone may be a switch that allows it.
    const isPair = flags.some(({ flow: other }) => other.of === flow.of && other.way !== flow.way);
    if (isPair && isOn) ways[flow.of].add(flow.way);
  }
  const only = (side: Side) => (ways[side].size === 1 ? ([...ways[side]][0] ?? null) : null);
  return { grid: only('grid'), battery: only('battery') };
}

/** `{"from": "PV", "to": "Storage"}`. */
function addConnection(ways: Record<Side, Set<1 | -1>>, end: 'from' | 'to', value: string): void {
  const words = englishWords(value);
  if (GRID.test(words)) ways.grid.add(end === 'from' ? 1 : -1);
  if (BATTERY.test(words)) ways.battery.add(end === 'from' ? -1 : 1);
}
