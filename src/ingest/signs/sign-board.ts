import { agreedSign, isProduct, type ProvenSigns, type SaidPowers, weighedSigns } from './power-balance.ts';
import { isSigned, SignEvidences, type SignedMetric, type SignFinding, type Trust } from './sign-evidence.ts';
import { type BoardMetric, hasChanged, type Moment, type SaidValue, type Watch, wholeOf } from './sign-moment.ts';
import { LEAST_PRODUCT_W, type SettledValue, SignsNow } from './sign-now.ts';
import { SaidParts } from './sign-parts.ts';
import { suppliedSign } from './sign-supply.ts';
import { isLevel, type LevelMetric, SignTrend } from './sign-trend.ts';

const POWERS: Watch = { metrics: ['solarPower', 'loadPower', 'gridPower', 'batteryPower'], leastChange: 25 };
const CURRENT: Watch = { metrics: ['batteryPower', 'batteryCurrent'], leastChange: 1 };
const [LEAST_HELD, ONE_BROKEN_IN, LEAST_BETWEEN_W] = [5, 10, 300];
const MOST_BROKEN = 3;
/** Where less flows, almost anything adds up. */
const LEAST_TELLING_W = 300;

/**
 * Collects what one device says, and proves which way its powers count whose name does not say it: by the balance (load =
 * solar + import - charge) of several different moments, by what is left for a battery that is alone with the load, or by a
 * battery that fills and counters that rise meanwhile. Leaves it open while the moments add up either way.
 */
export class SignBoard {
  private readonly parts = new SaidParts([POWERS, CURRENT]);
  private readonly evidence = new SignEvidences();
  private readonly now = new SignsNow(this.parts);
  private readonly judged = new Map<Watch, Moment>();
  /** Null for a level that two topics say. */
  private readonly trends = new Map<LevelMetric, SignTrend | null>();
  private held = 0;
  private broken = 0;
  /** Two topics say the same thing: there are several devices here, whose values do not belong together. */
  private isMixed = false;

  /** `isDark` tells whether panels can give nothing then, for devices that do not speak of them. */
  hear(values: readonly SaidValue[], at: number, isDark: (at: number) => boolean = () => false): void {
    const news = values.filter((value) => !this.isMixed && this.put(value, at));
    if (news.length === 0 || this.isMixed) return;
    for (const { metric, value } of news) {
      if (isLevel(metric)) this.weighLevel(metric, value, at);
      else if (isSigned(metric)) this.hearFlow(metric, at);
    }
    const powers = this.parts.momentOf(POWERS, at);
    if (powers) this.weighPowers(powers, at, isDark);
    const current = this.parts.momentOf(CURRENT, at);
    if (current && this.isChanged(CURRENT, current)) this.weighCurrent(current, at);
    if (current) this.now.settleCurrent(at);
  }

  /**
   * What added up in several moments in which that means something, while hardly any did not: powers in W, whatever they
   * are called. By metric and topic.
   */
  balanced(): string[] {
    const isSound = this.broken * ONE_BROKEN_IN <= this.held;
    const proven = isSound ? this.parts.all().filter(({ held }) => held >= LEAST_HELD) : [];
    return proven.map(({ metric, from }) => `${metric} ${from}`);
  }

  finding(metric: SignedMetric, rank: number): SignFinding | null {
    return this.evidence.finding(metric, rank);
  }

  /** What the message that came at `at` proves for its moment alone. */
  settled(at: number): readonly SettledValue[] {
    return this.isMixed ? [] : this.now.settled(at);
  }

  /** True for a topic whose open values wait for the rest of their round only. */
  isAwaited(topic: string, at: number): boolean {
    return !this.isMixed && this.now.isAwaited(topic, at);
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
    const how = this.parts.put(value, at);
    if (how !== 'odd') return how === 'new';
    if (isLevel(value.metric)) {
      this.trends.set(value.metric, null);
      return false;
    }
    this.isMixed = true;
    this.parts.clear();
    this.evidence.clear();
    return false;
  }

  private hearFlow(metric: SignedMetric, at: number): void {
    const whole = wholeOf(this.parts.of(metric, at));
    if (whole?.isSignOpen) for (const trend of this.trends.values()) trend?.hearFlow(metric, whole.value, at);
  }

  private weighLevel(level: LevelMetric, value: number, at: number): void {
    if (!this.trends.has(level)) this.trends.set(level, new SignTrend(level));
    for (const { metric, value: flow, sign } of this.trends.get(level)?.hearLevel(value, at) ?? []) {
      const whole = wholeOf(this.parts.of(metric, at));
      if (whole) this.evidence.count(metric, { ...whole, value: flow }, { sign, holds: true }, 'trend');
    }
  }

  /** False for what is the same moment said again. */
  private isChanged(watch: Watch, moment: Moment): boolean {
    const before = this.judged.get(watch);
    if (before && !hasChanged(before, moment, watch)) return false;
    this.judged.set(watch, moment);
    return true;
  }

  private weighPowers(moment: Moment, at: number, isDark: (at: number) => boolean): void {
    const of = (metric: BoardMetric) => moment.get(metric)?.value ?? null;
    const [load, grid, battery] = [of('loadPower'), of('gridPower'), of('batteryPower')];
    const solar = of('solarPower') ?? (load !== null && isDark(at) ? 0 : null);
    if (solar === null || load === null) return;
    const said = { solar, load, grid, battery };
    const isSure = (metric: BoardMetric) => moment.get(metric)?.isSignOpen === false;
    const sure = { grid: isSure('gridPower'), battery: isSure('batteryPower') };
    if (this.isChanged(POWERS, moment)) this.countPowers(moment, said, weighedSigns(said, sure));
    this.settlePowers(moment, said, weighedSigns(said, sure, true), at);
  }

  private countPowers(moment: Moment, said: SaidPowers, weighed: ReturnType<typeof weighedSigns>): void {
    const [solar, load, batteryPart] = [said.solar ?? 0, said.load ?? 0, moment.get('batteryPower')];
    const supplied = suppliedSign(said);
    if (supplied)
      this.evidence.count('batteryPower', batteryPart, { ...supplied, holds: supplied.sign !== null }, 'supply');
    if (Math.max(solar, load, Math.abs(said.grid ?? 0), Math.abs(said.battery ?? 0)) < LEAST_TELLING_W) return;
    const { grid, battery, holds, leftW } = weighed;
    // What an inverter loses explains it.
    if (!holds && supplied?.sign) return;
    // Where the panels give just what is used, anything small adds up.
    if (!holds) this.broken++;
    else if (Math.abs(solar - load) > LEAST_BETWEEN_W) {
      this.held++;
      this.parts.noteHeld(moment);
    }
    this.evidence.count('gridPower', moment.get('gridPower'), { sign: grid, holds, leftW });
    this.evidence.count('batteryPower', batteryPart, { sign: battery, holds, leftW });
  }

  /** What a moment proves for itself, of a device whose other moments say that such a proof means something. */
  private settlePowers(moment: Moment, said: SaidPowers, close: ProvenSigns, at: number): void {
    const proven = (metric: 'gridPower' | 'batteryPower', balance: 1 | -1 | null, supply: 1 | -1 | null) => {
      const whole = moment.get(metric);
      if (!whole?.isSignOpen || whole.value === 0) return null;
      const isSound = (by: 'balance' | 'supply') => this.evidence.trust(metric, whole.rank, by) === 'sound';
      return agreedSign([isSound('balance') ? balance : null, isSound('supply') ? supply : null]);
    };
    const gridPower = proven('gridPower', close.grid, null);
    const batteryPower = proven('batteryPower', close.battery, suppliedSign(said)?.sign ?? null);
    this.now.settle(moment, { gridPower, batteryPower }, at);
  }

  /** A battery's current flows as its power does. */
  private weighCurrent(moment: Moment, at: number): void {
    const [power, current] = [moment.get('batteryPower'), moment.get('batteryCurrent')];
    const volts = wholeOf(this.parts.of('batteryVoltage', at).slice(0, 1))?.value;
    if (!power || !current || volts === undefined || Math.abs(power.value) < LEAST_PRODUCT_W) return;
    const sign = power.isSignOpen ? this.finding('batteryPower', power.rank)?.sign : 1;
    if (sign === undefined) return;
    const way = Math.sign(current.value) === Math.sign(power.value * sign) ? 1 : -1;
    this.evidence.count('batteryCurrent', current, { sign: way, holds: isProduct(current.value, volts, power.value) });
  }
}
