import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import { days, hasPassed, hours, minutes } from '../../core/durations.ts';
import type { JobDefinition } from '../../core/jobs.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import { ok, type Result, refuse } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import type { TelemetryReader } from '../../telemetry/ports.ts';
import type { AppliedCorrection, OwnCorrections } from '../mapping/correcting-service.ts';
import { tidy } from '../payload/unit-conversion.ts';
import type { TuningStore } from '../ports.ts';
import { type BalancePart, type BalanceResult, balanceMetrics, type Correction, checkBalance } from './balance.ts';
import { aloneOf, type BalanceSubject, housesOf, partsOf } from './balance-subject.ts';
import { factorWords, findingTitle, labelOf } from './balance-words.ts';

export interface BalanceDeps {
  store: Pick<TuningStore, 'balance' | 'saveBalance'>;
  corrections: OwnCorrections;
  telemetry: Pick<TelemetryReader, 'history' | 'latest'>;
  sources: Pick<SourceDirectory, 'all' | 'byId' | 'findFor'>;
  clock: Clock;
}

/** What came of a check. */
export interface BalanceVerdict {
  /** Null while it was never checked. */
  checkedAt: number | null;
  result: BalanceResult;
}

export interface BalanceView extends BalanceVerdict {
  source: Source;
  corrections: AppliedCorrection[];
  /** ms UTC; ages count from it. */
  now: number;
  /** The house that the source is a part of; null where it stands alone. */
  house: (BalanceVerdict & { sources: readonly Source[]; corrections: AppliedCorrection[] }) | null;
}

export interface SourceCorrection {
  sourceId: string;
  metric: NumericMetric;
  factor: number;
}

interface Kept {
  result: BalanceResult;
  /** Only what came after the last correction counts, ms UTC. */
  since: number;
}

const UNKNOWN: BalanceResult = { kind: 'unknown', reason: 'few' };
const SET_UP_MS = minutes(40);
const FEW_POINTS = 24;
/** How long a result stands: what is unclear may be clearer soon. */
const PATIENCE_MS = { unknown: 0, unexplained: hours(1), balanced: days(1), wrong: days(1) };
const FACTORS = [-1, 1000, 0.001, -1000, -0.001, 10, 0.1, 100, 0.01];

/** Looks whether what sources measure adds up, each alone and together as a house, and puts right what owners agree to. */
export class Balance {
  constructor(private readonly deps: BalanceDeps) {}

  /** Every ten minutes: what is new or unclear, and the rest once a day. */
  job(): JobDefinition {
    return {
      kind: 'ingest.balance',
      title: 'Check that what sources measure adds up',
      cron: '*/10 * * * *',
      maxAttempts: 1,
      run: async ({ signal, progress }) => {
        const due = this.subjects().filter((subject) => this.isDue(subject));
        for (const [i, subject] of due.entries()) {
          if (signal.aborted) return;
          progress(i / due.length, subject.sources.map(({ name }) => name).join(', '));
          await this.check(subject);
        }
      },
    };
  }

  view(viewer: Viewer, sourceId: string): Result<BalanceView> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    return found.ok ? ok(this.viewOf(found.value)) : found;
  }

  /** Checks now, the source and its house. */
  async checkFor(viewer: Viewer, sourceId: string): Promise<Result<BalanceView>> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const house = this.houseOf(found.value);
    await this.check(aloneOf(found.value));
    if (house) await this.check(house);
    return ok(this.viewOf(found.value));
  }

  /** Multiplies what comes from now on; 1 takes a correction away, and a second one goes on top of the first. */
  correct(viewer: Viewer, sourceId: string, metric: string, factor: number): Result<BalanceView> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const known = balanceMetrics.find((one) => one === metric);
    if (!known) return refuse('invalid', 'Only the four powers can be corrected.', { field: 'metric' });
    if (factor !== 1 && !FACTORS.some((one) => isSame(one, factor)))
      return refuse('invalid', 'The factor must turn the sign or move the decimal point.', { field: 'factor' });
    const now = this.deps.clock.now();
    const { corrections } = this.deps;
    const before = corrections.factorOf(sourceId, known);
    corrections.set(sourceId, known, factor === 1 ? 1 : nearOne(tidy(before * factor)));
    const house = this.houseOf(found.value);
    for (const { key } of [aloneOf(found.value), ...(house ? [house] : [])])
      this.deps.store.saveBalance(key, now, { result: UNKNOWN, since: now } satisfies Kept);
    return this.view(viewer, sourceId);
  }

  /** For the Source page. */
  noteOf(sourceId: string): { problem: string | null; corrections: readonly string[] } | null {
    const source = this.deps.sources.byId(sourceId);
    if (!source) return null;
    const corrections = this.deps.corrections.of(sourceId).map((c) => `${labelOf(c.metric)}, ${factorWords(c.factor)}`);
    const wrong = this.wrongAbout(source);
    if (wrong.length === 0) return corrections.length > 0 ? { problem: null, corrections } : null;
    return { problem: `${findingTitle(wrong)}. See Balance, and put it right there.`, corrections };
  }

  /** What is to be put right of this source: by itself, or else in its house. */
  private wrongAbout(source: Source): readonly Correction[] {
    const house = this.houseOf(source);
    const results = [aloneOf(source), ...(house ? [house] : [])].map(({ key }) => this.kept(key).result);
    const found = results.map((result) =>
      result.kind === 'wrong' ? result.corrections.filter((c) => c.sourceId === source.id) : [],
    );
    return found.find((corrections) => corrections.length > 0) ?? [];
  }

  private viewOf(source: Source): BalanceView {
    const house = this.houseOf(source);
    const corrections = house ? house.sources.flatMap(({ id }) => this.deps.corrections.of(id)) : [];
    return {
      source,
      ...this.verdictOf(source.id),
      corrections: this.deps.corrections.of(source.id),
      now: this.deps.clock.now(),
      house: house ? { sources: house.sources, ...this.verdictOf(house.key), corrections } : null,
    };
  }

  private verdictOf(key: string): BalanceVerdict {
    return { checkedAt: this.deps.store.balance(key)?.checkedAt ?? null, result: this.kept(key).result };
  }

  /** Checks: the last day, or the last minutes when that says nothing yet. */
  private async check(subject: BalanceSubject): Promise<void> {
    const { store, clock } = this.deps;
    const now = clock.now();
    const { since } = this.kept(subject.key);
    let result = checkBalance(await this.parts(subject, Math.max(since, now - days(1)), now, 288));
    if (!isTelling(result)) {
      const closer = checkBalance(await this.parts(subject, Math.max(since, now - SET_UP_MS), now, 40));
      if (isTelling(closer)) result = closer;
      else if (result.kind !== 'unknown') result = { kind: 'unknown', reason: 'few' };
    }
    // A correction meanwhile has made this void.
    if (this.kept(subject.key).since === since) store.saveBalance(subject.key, now, { result, since } satisfies Kept);
  }

  private subjects(): BalanceSubject[] {
    const all = this.deps.sources.all();
    const houses = [...Map.groupBy(all, ({ ownerId }) => ownerId).values()].flatMap(housesOf);
    return [...all.map(aloneOf), ...houses];
  }

  private houseOf({ id, ownerId }: Source): BalanceSubject | undefined {
    const own = this.deps.sources.all().filter((other) => other.ownerId === ownerId);
    return housesOf(own).find(({ sources }) => sources.some((source) => source.id === id));
  }

  private isDue({ key, sources }: BalanceSubject): boolean {
    const { store, telemetry, clock } = this.deps;
    const now = clock.now();
    const isHeard = ({ id }: Source) => now - (telemetry.latest(id)?.time ?? 0) <= hours(1);
    const heard = sources.filter((source) => source.isActive && isHeard(source));
    if (heard.length < Math.min(sources.length, 2)) return false;
    const stored = store.balance(key);
    return !stored || hasPassed(stored.checkedAt, PATIENCE_MS[this.kept(key).result.kind], now);
  }

  /** The powers over the same moments: no finer than the slowest of the sources reports. */
  private async parts(subject: BalanceSubject, from: number, to: number, count: number): Promise<BalancePart[]> {
    if (to - from < minutes(1)) return [];
    const read = (points: number) =>
      Promise.all(
        subject.sources.map(async ({ id }) => {
          const history = await this.deps.telemetry.history(id, balanceMetrics, { from, to }, points);
          return [id, history] as const;
        }),
      );
    let series = await read(count);
    const widestMs = Math.max(...series.map(([, { bucketMs }]) => bucketMs));
    if (series.some(([, { bucketMs }]) => bucketMs !== widestMs))
      series = await read(Math.max(1, Math.floor((to - from) / widestMs)));
    return partsOf(subject, new Map(series.map(([id, history]) => [id, history.series])));
  }

  private kept(key: string): Kept {
    return (this.deps.store.balance(key)?.result as Kept | undefined) ?? { result: UNKNOWN, since: 0 };
  }
}

/** A few moments that do not add up say nothing yet: meters are not read at the same second. */
function isTelling(result: BalanceResult): boolean {
  return result.kind !== 'unknown' && (result.kind !== 'unexplained' || result.points >= FEW_POINTS);
}

const isSame = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(a);
/** 1000 and then 0.001 is no correction at all. */
const nearOne = (factor: number) => (isSame(factor, 1) ? 1 : factor);
