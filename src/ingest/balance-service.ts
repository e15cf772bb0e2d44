import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { days, hours, minutes } from '../core/durations.ts';
import type { JobDefinition } from '../core/jobs.ts';
import type { NumericMetric } from '../core/metrics.ts';
import { ok, type Result, refuse } from '../core/result.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { TelemetryReader } from '../telemetry/ports.ts';
import { type BalanceMetric, type BalancePoint, type BalanceResult, balanceMetrics, checkBalance } from './balance.ts';
import { factorWords, findingTitle, labelOf } from './balance-words.ts';
import type { TuningStore } from './ports.ts';
import type { Tunings } from './tuning.ts';
import { tidy } from './unit-conversion.ts';

export interface BalanceDeps {
  store: TuningStore;
  tunings: Tunings;
  telemetry: Pick<TelemetryReader, 'history' | 'latest'>;
  sources: Pick<SourceDirectory, 'all' | 'byId' | 'findFor'>;
  clock: Clock;
}

export interface BalanceView {
  source: Source;
  /** Null while it was never checked. */
  checkedAt: number | null;
  result: BalanceResult;
  corrections: { metric: NumericMetric; factor: number }[];
}

interface Kept {
  result: BalanceResult;
  /** Only what came after the last correction counts, ms UTC. */
  since: number;
}

const UNKNOWN: BalanceResult = { kind: 'unknown', reason: 'few' };
const SET_UP_MS = minutes(40);
const FACTORS = [-1, 1000, 0.001, -1000, -0.001, 10, 0.1, 100, 0.01];

/** Looks whether what sources measure adds up, at set-up and each day, and puts right what owners agree to. */
export class Balance {
  constructor(private readonly deps: BalanceDeps) {}

  /** Every ten minutes: sources that are new or unclear, and the others once a day. */
  job(): JobDefinition {
    return {
      kind: 'ingest.balance',
      title: 'Check that what sources measure adds up',
      cron: '*/10 * * * *',
      maxAttempts: 1,
      run: async ({ signal, progress }) => {
        const due = this.deps.sources.all().filter((source) => this.isDue(source));
        for (const [i, source] of due.entries()) {
          if (signal.aborted) return;
          progress(i / due.length, source.name);
          await this.check(source.id);
        }
      },
    };
  }

  view(viewer: Viewer, sourceId: string): Result<BalanceView> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    if (!found.ok) return found;
    const stored = this.deps.store.balance(sourceId);
    return ok({
      source: found.value,
      checkedAt: stored?.checkedAt ?? null,
      result: this.kept(sourceId).result,
      corrections: this.correctionsOf(sourceId),
    });
  }

  /** Checks now: the last minutes when they say something, else the last day. */
  async check(sourceId: string): Promise<BalanceResult> {
    const { store, clock } = this.deps;
    const now = clock.now();
    const { since } = this.kept(sourceId);
    let result = checkBalance(await this.points(sourceId, Math.max(since, now - days(1)), now, 288));
    if (result.kind === 'unknown')
      result = checkBalance(await this.points(sourceId, Math.max(since, now - SET_UP_MS), now, 40));
    // A correction meanwhile has made this void.
    if (this.kept(sourceId).since === since) store.saveBalance(sourceId, now, { result, since } satisfies Kept);
    return result;
  }

  async checkFor(viewer: Viewer, sourceId: string): Promise<Result<BalanceResult>> {
    const found = this.deps.sources.findFor(viewer, sourceId);
    return found.ok ? ok(await this.check(sourceId)) : found;
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
    const before = this.factorOf(sourceId, known);
    this.deps.store.saveCorrection(sourceId, known, factor === 1 ? 1 : nearOne(tidy(before * factor)), now);
    const all = this.correctionsOf(sourceId);
    this.deps.tunings.setCorrections(sourceId, new Map(all.map((c) => [c.metric, c.factor])));
    this.deps.store.saveBalance(sourceId, now, { result: UNKNOWN, since: now } satisfies Kept);
    return this.view(viewer, sourceId);
  }

  /** For the Source page. */
  noteOf(sourceId: string): { problem: string | null; corrections: readonly string[] } | null {
    const { result } = this.kept(sourceId);
    const corrections = this.correctionsOf(sourceId).map((c) => `${labelOf(c.metric)}, ${factorWords(c.factor)}`);
    if (result.kind !== 'wrong') return corrections.length > 0 ? { problem: null, corrections } : null;
    return { problem: `${findingTitle(result.corrections)}. See Balance, and put it right there.`, corrections };
  }

  private isDue(source: Source): boolean {
    const { store, telemetry, clock } = this.deps;
    const now = clock.now();
    const heardAt = telemetry.latest(source.id)?.time ?? 0;
    if (!source.isActive || now - heardAt > hours(1)) return false;
    const stored = store.balance(source.id);
    return !stored || this.kept(source.id).result.kind === 'unknown' || now - stored.checkedAt >= days(1);
  }

  private async points(sourceId: string, from: number, to: number, count: number): Promise<BalancePoint[]> {
    if (to - from < minutes(1)) return [];
    const names: readonly BalanceMetric[] = balanceMetrics;
    const { times, series } = await this.deps.telemetry.history(sourceId, names, { from, to }, count);
    const at = (metric: BalanceMetric, i: number) => series[metric]?.[i] ?? null;
    return times.map((_, i) => ({
      solarPower: at('solarPower', i),
      loadPower: at('loadPower', i),
      gridPower: at('gridPower', i),
      batteryPower: at('batteryPower', i),
    }));
  }

  private kept(sourceId: string): Kept {
    return (this.deps.store.balance(sourceId)?.result as Kept | undefined) ?? { result: UNKNOWN, since: 0 };
  }

  private correctionsOf(sourceId: string): { metric: NumericMetric; factor: number }[] {
    return this.deps.store.corrections().filter((c) => c.sourceId === sourceId);
  }

  private factorOf(sourceId: string, metric: NumericMetric): number {
    return this.correctionsOf(sourceId).find((c) => c.metric === metric)?.factor ?? 1;
  }
}

const isSame = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.abs(a);
/** 1000 and then 0.001 is no correction at all. */
const nearOne = (factor: number) => (isSame(factor, 1) ? 1 : factor);
