/**
 * Which power goes where, worked out from what each node measures. Signs as in the catalogue:
 * grid positive when importing, battery positive when charging, the others never negative. All in W.
 */

/** Measured powers; null when unknown. */
export interface NodePowers {
  solar: number | null;
  load: number | null;
  grid: number | null;
  battery: number | null;
  generator: number | null;
}

export type FlowNode = keyof NodePowers;

export const flowNames = [
  'solarToLoad',
  'solarToBattery',
  'solarToGrid',
  'batteryToLoad',
  'batteryToGrid',
  'generatorToLoad',
  'generatorToBattery',
  'gridToLoad',
  'gridToBattery',
] as const;
export type FlowName = (typeof flowNames)[number];

export interface Flows {
  /** W along each line, never negative. */
  lines: Record<FlowName, number>;
  /**
   * What does not add up: positive when more comes in than goes anywhere known (losses, an unmeasured consumer),
   * negative when more is used than known sources give. Null when load or every supply is unknown.
   */
  residualW: number | null;
}

/** Below this a power is noise of the meter and no line is drawn. W. */
export const QUIET_W = 8;

const positive = (value: number | null): number => (value !== null && value > QUIET_W ? value : 0);

/**
 * Shares what comes in among what goes out. The order is how inverters do it: the sun first feeds the house, then the
 * battery, then the grid; the battery gives to the house before the grid; generator and grid fill what is left of the
 * house, then of the battery. With an unknown load, what is left of each supply is taken to go into the house.
 */
export function computeFlows(powers: NodePowers): Flows {
  const supply = {
    solar: positive(powers.solar),
    battery: positive(powers.battery === null ? null : -powers.battery),
    generator: positive(powers.generator),
    grid: positive(powers.grid),
  };
  const demand = {
    load: positive(powers.load),
    battery: positive(powers.battery),
    grid: positive(powers.grid === null ? null : -powers.grid),
  };
  const lines = Object.fromEntries(flowNames.map((name) => [name, 0])) as Record<FlowName, number>;
  const move = (from: keyof typeof supply, to: keyof typeof demand, name: FlowName): void => {
    const share = Math.min(supply[from], demand[to]);
    supply[from] -= share;
    demand[to] -= share;
    lines[name] += share;
  };
  move('solar', 'load', 'solarToLoad');
  move('solar', 'battery', 'solarToBattery');
  move('solar', 'grid', 'solarToGrid');
  move('battery', 'load', 'batteryToLoad');
  move('battery', 'grid', 'batteryToGrid');
  move('generator', 'load', 'generatorToLoad');
  move('generator', 'battery', 'generatorToBattery');
  move('grid', 'load', 'gridToLoad');
  move('grid', 'battery', 'gridToBattery');
  if (powers.load === null) {
    for (const [from, name] of toLoad) lines[name] += supply[from];
  }
  return { lines, residualW: residual(powers) };
}

const toLoad = [
  ['solar', 'solarToLoad'],
  ['battery', 'batteryToLoad'],
  ['generator', 'generatorToLoad'],
  ['grid', 'gridToLoad'],
] as const;

/** From the figures as they are shown, noise of the meters included, so that whoever adds them up finds the same. */
function residual({ solar, load, grid, battery, generator }: NodePowers): number | null {
  const hasSupply = [solar, battery, generator, grid].some((power) => power !== null);
  if (load === null || !hasSupply) return null;
  return (solar ?? 0) + (generator ?? 0) + (grid ?? 0) - (battery ?? 0) - load;
}

/**
 * What the house uses when nothing measures it but the meter at the grid does: all that comes in less all that goes
 * elsewhere. Null without a grid meter and production, because then most of it would be a guess. W.
 */
export function loadFromBalance(powers: NodePowers): number | null {
  if (powers.load !== null || powers.grid === null || powers.solar === null) return null;
  return Math.max(0, powers.solar + powers.grid + (powers.generator ?? 0) - (powers.battery ?? 0));
}

/** Share of what the house uses now that does not come from the grid or a generator, 0..1; null when nothing is used. */
export function ownShare(flows: Flows): number | null {
  const { lines } = flows;
  const own = lines.solarToLoad + lines.batteryToLoad;
  const all = own + lines.gridToLoad + lines.generatorToLoad;
  return all > 0 ? own / all : null;
}
