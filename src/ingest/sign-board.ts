import { minutes, seconds } from '../core/durations.ts';
import { weighedSigns } from './power-balance.ts';
import { isSigned, SignEvidences, type SignedMetric, type SignFinding, type Trust } from './sign-evidence.ts';
import {
  type BoardMetric,
  hasChanged,
  type Moment,
  type SaidValue,
  type Watch,
  type Whole,
  wholeOf,
} from './sign-moment.ts';
import { isLevel, type LevelMetric, SignTrend } from './sign-trend.ts';

interface Part extends SaidValue {
  at: number;
  /** Of which moments it was not a part yet. */
  newFor: Set<Watch>;
  /** In how many moments it was a part of a balance that means something. */
  held: number;
}

const POWERS: Watch = { metrics: ['solarPower', 'loadPower', 'gridPower', 'batteryPower'], leastChange: 25 };
const CURRENT: Watch = { metrics: ['batteryPower', 'batteryCurrent'], leastChange: 1 };
/** What a device says topic by topic comes in one go. */
const ONE_MOMENT_MS = seconds(5);
const STALE_MS = minutes(15);
const MOST_PARTS = 48;
const [LEAST_HELD, ONE_BROKEN_IN, LEAST_BETWEEN_W] = [5, 10, 300];
const MOST_BROKEN = 3;
/** Where less flows, almost anything adds up. */
const LEAST_TELLING_W = 300;
/** A battery's current times its voltage is its power, give or take what is measured a moment later. */
const [PRODUCT_SHARE, LEAST_PRODUCT_W] = [0.25, 60];

/**
 * Collects what one device says, and proves which way its powers count whose name does not say it: by the balance (load =
 * solar + import - charge) of several different moments, or by a battery that fills and counters that rise meanwhile. Leaves
 * it open while the moments add up either way.
 */
export class SignBoard {
  private readonly parts = new Map<string, Part>();
  private readonly evidence = new SignEvidences();
  private readonly judged = new Map<Watch, Moment>();
  /** Null for a level that two topics say. */
  private readonly trends = new Map<LevelMetric, SignTrend | null>();
  private held = 0;
  private broken = 0;
  /** Two topics say the same thing: there are several devices here, whose values do not belong together. */
  private isMixed = false;

  hear(values: readonly SaidValue[], at: number): void {
    const news = values.filter((value) => !this.isMixed && this.put(value, at));
    if (news.length === 0 || this.isMixed) return;
    for (const { metric, value } of news) {
      if (isLevel(metric)) this.weighLevel(metric, value, at);
      else if (isSigned(metric)) this.hearFlow(metric, at);
    }
    const powers = this.momentOf(POWERS, at);
    if (powers) this.weighPowers(powers);
    const current = this.momentOf(CURRENT, at);
    if (current) this.weighCurrent(current, at);
  }

  /**
   * What added up in several moments in which that means something, while hardly any did not: powers in W, whatever they
   * are called. By metric and topic.
   */
  balanced(): string[] {
    const isSound = this.broken * ONE_BROKEN_IN <= this.held;
    const proven = isSound ? [...this.parts.values()].filter(({ held }) => held >= LEAST_HELD) : [];
    return proven.map(({ metric, from }) => `${metric} ${from}`);
  }

  finding(metric: SignedMetric, rank: number): SignFinding | null {
    return this.evidence.finding(metric, rank);
  }

  trust(metric: SignedMetric, rank: number): Trust {
    return this.evidence.trust(metric, rank);
  }

  /** True when what is said now contradicts what was proven before. */
  opposes({ metric, sign }: SignFinding, rank: number): boolean {
    return this.evidence.opposes(metric, rank, sign);
  }

  /** True when what stands here does not add up, or not any more. */
  get isBroken(): boolean {
    return this.isMixed || this.broken > Math.max(MOST_BROKEN, this.held / ONE_BROKEN_IN);
  }

  /** What is proven now, by metric and rank. */
  findings(): [key: string, finding: SignFinding][] {
    return this.evidence.findings();
  }

  private put(value: SaidValue, at: number): boolean {
    const key = `${value.metric} ${value.rank} ${value.id}`;
    const known = this.parts.get(key);
    if (known?.at === at && known.value === value.value) return false;
    if (known ? known.from !== value.from : this.parts.size >= MOST_PARTS) {
      if (isLevel(value.metric)) {
        this.trends.set(value.metric, null);
        return false;
      }
      this.isMixed = true;
      this.parts.clear();
      this.evidence.clear();
      return false;
    }
    this.parts.set(key, { ...value, at, held: known?.held ?? 0, newFor: new Set([POWERS, CURRENT]) });
    return true;
  }

  private hearFlow(metric: SignedMetric, at: number): void {
    const whole = wholeOf(this.partsOf(metric, at));
    if (whole?.isSignOpen) for (const trend of this.trends.values()) trend?.hearFlow(metric, whole.value, at);
  }

  private weighLevel(level: LevelMetric, value: number, at: number): void {
    if (!this.trends.has(level)) this.trends.set(level, new SignTrend(level));
    for (const { metric, value: flow, sign } of this.trends.get(level)?.hearLevel(value, at) ?? []) {
      const whole = wholeOf(this.partsOf(metric, at));
      if (whole) this.evidence.count(metric, { ...whole, value: flow }, sign, true, 'trend');
    }
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
    const most = Math.max(said.solar, said.load, Math.abs(said.grid ?? 0), Math.abs(said.battery ?? 0));
    if (most < LEAST_TELLING_W) return;
    const isSure = (metric: BoardMetric) => moment.get(metric)?.isSignOpen === false;
    const { grid, battery, holds } = weighedSigns(said, { grid: isSure('gridPower'), battery: isSure('batteryPower') });
    // Where the panels give just what is used, anything small adds up.
    if (!holds) this.broken++;
    else if (Math.abs(said.solar - said.load) > LEAST_BETWEEN_W) this.noteHeld(moment);
    this.evidence.count('gridPower', moment.get('gridPower'), grid, holds);
    this.evidence.count('batteryPower', moment.get('batteryPower'), battery, holds);
  }

  private noteHeld(moment: Moment): void {
    this.held++;
    for (const part of this.parts.values()) if (moment.get(part.metric)?.rank === part.rank) part.held++;
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
    this.evidence.count(
      'batteryCurrent',
      current,
      Math.sign(measured) === Math.sign(power.value * sign) ? 1 : -1,
      isSame,
    );
  }
}
