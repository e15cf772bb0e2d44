import { minutes, seconds } from '../core/durations.ts';
import { weighedSigns } from './power-balance.ts';
import { SignEvidence, type SignedMetric, type SignFinding } from './sign-evidence.ts';

export type BoardMetric = 'solarPower' | 'loadPower' | 'batteryVoltage' | SignedMetric;

/** A value as a device said it, in W, V or A. */
export interface SaidValue {
  metric: BoardMetric;
  value: number;
  /** Which of its like it is: a phase, a string, one half. */
  id: string;
  /** A total outranks its parts. */
  rank: number;
  /** True where no name says which way it counts; else it is in the catalogue's sign. */
  isSignOpen: boolean;
  /** Its topic. */
  from: string;
}

interface Part extends SaidValue {
  at: number;
  /** Of which moments it was not a part yet. */
  newFor: Set<Watch>;
}

/** A metric at one moment: the sum of its parts. */
type Whole = Pick<SaidValue, 'value' | 'rank' | 'isSignOpen'>;
type Moment = ReadonlyMap<BoardMetric, Whole>;

/** Values that are weighed together once all of them are new. */
interface Watch {
  metrics: readonly BoardMetric[];
  /** By how much something must have changed, or it is the same moment said again. */
  leastChange: number;
}

const POWERS: Watch = { metrics: ['solarPower', 'loadPower', 'gridPower', 'batteryPower'], leastChange: 25 };
const CURRENT: Watch = { metrics: ['batteryPower', 'batteryCurrent'], leastChange: 1 };
const LEAST_CHANGE = 0.05;
/** What a device says topic by topic comes in one go. */
const ONE_MOMENT_MS = seconds(5);
const STALE_MS = minutes(15);
const MOST_PARTS = 48;
/** A battery's current times its voltage is its power, give or take what is measured a moment later. */
const [PRODUCT_SHARE, LEAST_PRODUCT_W] = [0.25, 60];

/**
 * Collects what one device says of its powers, and proves by the balance (load = solar + import - charge) of several
 * different moments which way those count whose name does not say it. Leaves it open while the moments add up either way.
 */
export class SignBoard {
  private readonly parts = new Map<string, Part>();
  private readonly evidence = new Map<string, SignEvidence>();
  private readonly judged = new Map<Watch, Moment>();
  /** Two topics say the same thing: there are several devices here, whose values do not belong together. */
  private isMixed = false;

  hear(values: readonly SaidValue[], at: number): void {
    let isNew = false;
    for (const value of values) isNew = (!this.isMixed && this.put(value, at)) || isNew;
    if (!isNew || this.isMixed) return;
    const powers = this.momentOf(POWERS, at);
    if (powers) this.weighPowers(powers);
    const current = this.momentOf(CURRENT, at);
    if (current) this.weighCurrent(current, at);
  }

  finding(metric: SignedMetric, rank: number): SignFinding | null {
    return this.evidence.get(`${metric} ${rank}`)?.finding ?? null;
  }

  /** What is proven now, by metric and rank. */
  findings(): [key: string, finding: SignFinding][] {
    return [...this.evidence].flatMap(([key, { finding }]): [string, SignFinding][] =>
      finding ? [[key, finding]] : [],
    );
  }

  private put(value: SaidValue, at: number): boolean {
    const key = `${value.metric} ${value.rank} ${value.id}`;
    const known = this.parts.get(key);
    if (known?.at === at && known.value === value.value) return false;
    if (known ? known.from !== value.from : this.parts.size >= MOST_PARTS) {
      this.isMixed = true;
      this.parts.clear();
      this.evidence.clear();
      return false;
    }
    this.parts.set(key, { ...value, at, newFor: new Set([POWERS, CURRENT]) });
    return true;
  }

  /** What is watched, if all of it that the device says is new, and something has changed. */
  private momentOf(watch: Watch, at: number): Moment | null {
    const moment = new Map<BoardMetric, Whole>();
    const used: Part[] = [];
    for (const metric of watch.metrics) {
      const top = this.partsOf(metric, at);
      if (!top.every((part) => part.newFor.has(watch) && at - part.at <= ONE_MOMENT_MS)) return null;
      if (top.length === 0) continue;
      const whole = wholeOf(top);
      if (whole === null) return null;
      moment.set(metric, whole);
      used.push(...top);
    }
    for (const part of used) part.newFor.delete(watch);
    const before = this.judged.get(watch);
    if (before && !hasChanged(before, moment, watch)) return null;
    this.judged.set(watch, moment);
    return moment;
  }

  /** Of what was said of late the highest rank. */
  private partsOf(metric: BoardMetric, at: number): Part[] {
    const fresh = [...this.parts.values()].filter((part) => part.metric === metric && at - part.at <= STALE_MS);
    const rank = Math.max(...fresh.map((part) => part.rank));
    return fresh.filter((part) => part.rank === rank);
  }

  private weighPowers(moment: Moment): void {
    const of = (metric: BoardMetric) => moment.get(metric)?.value ?? null;
    const said = { solar: of('solarPower'), load: of('loadPower'), grid: of('gridPower'), battery: of('batteryPower') };
    if (said.solar === null || said.load === null) return;
    const isSure = (metric: BoardMetric) => moment.get(metric)?.isSignOpen === false;
    const { grid, battery, holds } = weighedSigns(said, { grid: isSure('gridPower'), battery: isSure('batteryPower') });
    this.count('gridPower', moment, grid, holds);
    this.count('batteryPower', moment, battery, holds);
  }

  /** A battery's current flows as its power does. */
  private weighCurrent(moment: Moment, at: number): void {
    const [power, current] = [moment.get('batteryPower'), moment.get('batteryCurrent')];
    const volts = wholeOf(this.partsOf('batteryVoltage', at).slice(0, 1))?.value;
    if (!power || !current || volts === undefined || Math.abs(power.value) < LEAST_PRODUCT_W) return;
    const sign = power.isSignOpen ? this.finding('batteryPower', power.rank)?.sign : 1;
    if (sign === undefined) return;
    const measured = current.value * volts;
    const isSame = Math.abs(Math.abs(measured) - Math.abs(power.value)) <= PRODUCT_SHARE * Math.abs(power.value);
    this.count('batteryCurrent', moment, Math.sign(measured) === Math.sign(power.value * sign) ? 1 : -1, isSame);
  }

  private count(metric: SignedMetric, moment: Moment, sign: 1 | -1 | null, holds: boolean): void {
    const whole = moment.get(metric);
    if (!whole?.isSignOpen) return;
    const key = `${metric} ${whole.rank}`;
    const evidence = this.evidence.get(key) ?? new SignEvidence(metric);
    this.evidence.set(key, evidence);
    evidence.count(whole.value, sign, holds);
  }
}

/** Null where there are none, or where some have a sure sign and others not. */
function wholeOf(parts: readonly Part[]): Whole | null {
  const [first] = parts;
  if (!first || parts.some(({ isSignOpen }) => isSignOpen !== first.isSignOpen)) return null;
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  return { value, rank: first.rank, isSignOpen: first.isSignOpen };
}

function hasChanged(before: Moment, now: Moment, { metrics, leastChange }: Watch): boolean {
  return metrics.some((metric) => {
    const [old, value] = [before.get(metric)?.value, now.get(metric)?.value];
    if (old === undefined || value === undefined) return old !== value;
    return Math.abs(value - old) > Math.max(leastChange, LEAST_CHANGE * Math.abs(old));
  });
}
