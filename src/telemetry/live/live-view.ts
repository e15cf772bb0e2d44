import { formatAge, formatDuration, formatPercent, formatPower, type Shown } from '../../core/format.ts';
import type { MetricName, NumericMetric } from '../../core/metrics.ts';
import type { Source } from '../../sources/source.ts';
import type { SourceTrouble } from '../../sources/trouble.ts';
import { type BatteryNow, batteryOutlook } from '../battery/battery-now.ts';
import type { BatteryHabits } from '../battery/habits.ts';
import type { EnergyTotals, LatestReading } from '../figures.ts';
import {
  combineMetric,
  type EnergySummary,
  type HouseQuantity,
  type HouseSource,
  houseQuantityNames,
  quantityPower,
  summariseEnergy,
} from '../house/house.ts';
import { noEnergy } from '../house/house-energy.ts';
import { isAsleep } from '../quality/sleeping.ts';
import { type ToldFault, toldFaults } from './device-faults.ts';
import { computeFlows, type FlowNode, type Flows, loadFromBalance, type NodePowers, QUIET_W } from './flows.ts';
import { type Freshness, type FreshnessLimits, freshnessLimits, freshnessOf } from './freshness.ts';
import { sayFlows, sayImbalance } from './live-words.ts';

/** A value with its age, as the page shows it. */
export interface LiveValue {
  shown: Shown;
  /** The number behind it; null when unknown. */
  value: number | null;
  /** ms UTC; null when it was never known. */
  time: number | null;
  age: string;
  freshness: Freshness;
  limits: FreshnessLimits;
  isDerived: boolean;
}

export interface LiveNode extends LiveValue {
  name: FlowNode;
  /** What it does now in one word: "charging", "selling"; empty when there is nothing to say. */
  state: string;
}

export interface LiveSource {
  id: string;
  name: string;
  time: number | null;
  freshness: Freshness | 'never';
  limits: FreshnessLimits;
  /** "12 min ago", "now", or "no reading yet". */
  text: string;
  /** True for a solar source that says nothing because it is night there. */
  isAsleep: boolean;
  /** Why it does not report; null while it does, or nobody knows. */
  trouble: SourceTrouble | null;
  /** "32 min": it goes on sending, and says the very same for so long; null while it does not. */
  repeatsFor: string | null;
}

export interface LiveView {
  now: number;
  nodes: LiveNode[];
  soc: LiveValue | null;
  flows: Flows;
  sentence: string;
  /** That the figures contradict each other, and by how much; null while they add up. */
  imbalance: string | null;
  /** The battery as it stands; null while its charge is not known now. */
  battery: BatteryNow | null;
  /** "Full in about 2 h" or "Lasts about 6 h at this rate"; null when nobody can tell. */
  batteryOutlook: string | null;
  today: EnergySummary;
  hasBattery: boolean;
  hasGrid: boolean;
  sources: LiveSource[];
  /** What devices themselves say is wrong. */
  faults: ToldFault[];
  /** True if no source of the scope has ever reported. */
  isEmpty: boolean;
}

export interface LiveInput {
  now: number;
  sources: readonly Source[];
  /** The same with the roles in which they count. */
  counted: readonly HouseSource[];
  latest: (sourceId: string) => LatestReading | undefined;
  /** Usual time [ms] between values of a metric, or of the most frequent one; null until known. */
  intervalMs: (sourceId: string, metric?: MetricName) => number | null;
  /** For how long a source has said the very same [ms]; null while it does not. */
  repeatedMs?: (sourceId: string) => number | null;
  /** What is known to keep a source from reporting. */
  troubleOf?: (source: Source) => SourceTrouble | null;
  /** What the battery did of late; null while nobody knows. */
  habits?: BatteryHabits | null;
  /** Energy since midnight; null while it is not known. */
  today: EnergyTotals | null;
}

/** Everything the Live page says about these sources at this moment. */
export function buildLiveView(input: LiveInput): LiveView {
  const limitsOf = (id: string, metric?: MetricName): FreshnessLimits =>
    freshnessLimits(input.intervalMs(id, metric) ?? undefined);
  const read = (quantity: HouseQuantity, metric: NumericMetric, show: (v: number | null) => Shown): LiveValue => {
    const isSilent = (source: HouseSource, time: number): boolean =>
      input.now - time >= limitsOf(source.id, metric).staleMs;
    const got = combineMetric({ sources: input.counted, latest: input.latest, isSilent }, quantity, metric);
    // What is too old for each source alone is so for their sum, however seldom one of them reports.
    const limits = (got.isSilent ? tightest : widest)(got.sourceIds.map((id) => limitsOf(id, metric)));
    return liveValue(input.now, got.value, got.time, limits, got.isDerived, show);
  };
  const powers = new Map(houseQuantityNames.map((name) => [name, read(name, quantityPower[name], formatPower)]));
  const soc = read('battery', 'stateOfCharge', formatPercent);
  const present = presentNodes(input, powers, soc);
  const dark = sleepingSun(input, powers.get('solar'));
  if (dark) powers.set('solar', dark);
  const measured = powersNow(powers);
  const worked = loadFromBalance(measured);
  if (worked !== null) powers.set('load', derivedLoad(input.now, worked, powers));
  const nowPowers = powersNow(powers);
  const flows = computeFlows(nowPowers);
  const nodes = houseQuantityNames
    .filter((name) => present.has(name))
    .map((name) => makeNode(name, powers.get(name) ?? neverKnown(input.now)));
  const hasGrid = present.has('grid');
  const battery = batteryNow(
    soc,
    powers.get('battery'),
    (metric) => read('battery', metric, formatPower).value,
    input.habits ?? null,
  );
  const sources = input.sources.map((source) => liveSource(source, input, limitsOf(source.id)));
  return {
    now: input.now,
    nodes,
    soc: soc.time === null ? null : soc,
    flows,
    sentence: sayAll(input, dark ? nodes.filter(({ name }) => name !== 'solar') : nodes, sources, () =>
      sayFlows(nowPowers, flows, soc.freshness === 'stale' ? null : soc.value),
    ),
    imbalance: sayImbalance(nowPowers, flows.residualW, agesApart(nodes)),
    battery,
    batteryOutlook: battery && batteryOutlook(battery),
    today: summariseEnergy(input.today ?? { ...noEnergy, coverage: 0 }, hasGrid),
    hasBattery: present.has('battery'),
    hasGrid,
    sources,
    faults: toldFaults({ now: input.now, sources: input.sources, latest: input.latest, limitsOf }),
    isEmpty: input.sources.every((source) => input.latest(source.id) === undefined),
  };
}

function liveValue(
  now: number,
  value: number | null,
  time: number | null,
  limits: FreshnessLimits,
  isDerived: boolean,
  show: (value: number | null) => Shown,
): LiveValue {
  const age = time === null ? 0 : now - time;
  return {
    shown: show(value),
    value,
    time,
    age: time === null ? '' : formatAge(age),
    freshness: time === null ? 'fresh' : freshnessOf(age, limits),
    limits,
    isDerived,
  };
}

const neverKnown = (now: number): LiveValue => liveValue(now, null, null, freshnessLimits(), false, formatPower);

function widest(limits: readonly FreshnessLimits[]): FreshnessLimits {
  return limits.reduce((a, b) => (b.staleMs > a.staleMs ? b : a), limits[0] ?? freshnessLimits());
}

function tightest(limits: readonly FreshnessLimits[]): FreshnessLimits {
  return limits.reduce((a, b) => (b.staleMs < a.staleMs ? b : a), limits[0] ?? freshnessLimits());
}

/** Powers as they count into the picture: what is stale is not what is now. */
function powersNow(powers: ReadonlyMap<HouseQuantity, LiveValue>): NodePowers {
  const now = (name: HouseQuantity): number | null => {
    const value = powers.get(name);
    return value && value.freshness !== 'stale' ? value.value : null;
  };
  return {
    solar: now('solar'),
    load: now('load'),
    grid: now('grid'),
    battery: now('battery'),
    generator: now('generator'),
  };
}

function derivedLoad(now: number, watts: number, powers: ReadonlyMap<HouseQuantity, LiveValue>): LiveValue {
  const used = [...powers.values()].filter((v) => v.time !== null && v.freshness !== 'stale');
  const time = Math.min(...used.map((v) => v.time ?? now));
  return liveValue(now, watts, time, widest(used.map((v) => v.limits)), true, formatPower);
}

/** Sun and house are always there; battery, grid and generator when something measures them or is meant to. */
function presentNodes(
  input: LiveInput,
  powers: ReadonlyMap<HouseQuantity, LiveValue>,
  soc: LiveValue,
): Set<HouseQuantity> {
  const present = new Set<HouseQuantity>(['solar', 'load']);
  for (const [name, value] of powers) if (value.time !== null) present.add(name);
  for (const source of input.sources) if (source.role !== 'system') present.add(source.role);
  if (soc.time !== null) present.add('battery');
  return present;
}

function makeNode(name: FlowNode, value: LiveValue): LiveNode {
  const power = value.freshness === 'stale' ? null : value.value;
  // The word beside it says the direction, so the figure needs no sign.
  const shown = value.value === null ? value.shown : formatPower(Math.abs(value.value));
  return { ...value, shown, name, state: power === null ? '' : stateWord(name, power) };
}

function stateWord(name: FlowNode, power: number): string {
  const isQuiet = Math.abs(power) <= QUIET_W;
  if (name === 'battery') return isQuiet ? 'resting' : power > 0 ? 'charging' : 'feeding';
  if (name === 'grid') return isQuiet ? 'idle' : power > 0 ? 'buying' : 'selling';
  if (name === 'generator') return isQuiet ? 'off' : 'running';
  return '';
}

function liveSource(source: Source, input: LiveInput, limits: FreshnessLimits): LiveSource {
  const latest = input.latest(source.id);
  const base = { id: source.id, name: source.name, limits };
  const trouble = input.troubleOf?.(source) ?? null;
  if (!latest)
    return {
      ...base,
      time: null,
      freshness: 'never',
      text: 'no reading yet',
      isAsleep: false,
      trouble,
      repeatsFor: null,
    };
  const age = input.now - latest.time;
  const freshness = freshnessOf(age, limits);
  const sleeps = freshness === 'stale' && isAsleep(source, latest, input.now);
  const repeatedMs = freshness === 'stale' ? null : (input.repeatedMs?.(source.id) ?? null);
  const repeatsFor = repeatedMs === null ? null : formatDuration(repeatedMs);
  return {
    ...{ ...base, time: latest.time, freshness, text: formatAge(age), isAsleep: sleeps, repeatsFor },
    trouble: freshness === 'stale' && !sleeps ? trouble : null,
  };
}

/** Panels whose inverters sleep give nothing: the sun is down, and nobody needs to say so. Null while that is not so. */
function sleepingSun(input: LiveInput, said: LiveValue | undefined): LiveValue | null {
  if (said?.freshness !== 'stale') return null;
  const { now, latest } = input;
  const giving = input.sources.filter(({ id }) => latest(id)?.values.solarPower !== undefined);
  if (!giving.every((source) => isAsleep(source, latest(source.id), now))) return null;
  return liveValue(now, 0, now, said.limits, true, formatPower);
}

function sayAll(
  input: LiveInput,
  nodes: readonly LiveNode[],
  sources: readonly LiveSource[],
  sayNow: () => string,
): string {
  const times = nodes.map((node) => node.time).filter((time) => time !== null);
  const allStale = times.length > 0 && nodes.every((node) => node.time === null || node.freshness === 'stale');
  if (!allStale) return sayNow();
  const since = (newest: readonly number[]): string => formatDuration(input.now - Math.max(...newest));
  // A source may go on with other things, such as the state of charge.
  const isHeard = sources.some(({ time, freshness }) => time !== null && freshness !== 'stale');
  if (isHeard) return `No power has been heard of for ${since(times)}.`;
  return `Nothing has been heard for ${since([...times, ...sources.flatMap(({ time }) => time ?? [])])}.`;
}

/** Time between the oldest and the newest figure, what is too old to count included. ms. */
function agesApart(nodes: readonly LiveNode[]): number {
  const times = nodes.flatMap((node) => node.time ?? []);
  return times.length > 1 ? Math.max(...times) - Math.min(...times) : 0;
}

/** The battery as it stands; null while its charge is not known. */
function batteryNow(
  soc: LiveValue,
  power: LiveValue | undefined,
  read: (metric: NumericMetric) => number | null,
  habits: BatteryHabits | null,
): BatteryNow | null {
  if (soc.value === null || soc.freshness === 'stale') return null;
  const [capacityAh, volts] = [read('batteryCapacity'), read('batteryVoltage')];
  const said = capacityAh && volts ? (capacityAh * volts) / 1000 : null;
  return {
    charge: soc.value,
    powerW: power === undefined || power.freshness === 'stale' ? null : power.value,
    capacityKwh: said ?? habits?.capacityKwh ?? null,
    habits,
  };
}
