import type { Clock } from '../../core/clock.ts';
import { days, hasPassed, hours, minutes } from '../../core/durations.ts';
import type { NumericMetric } from '../../core/metrics.ts';
import type { Source } from '../../sources/source.ts';
import type { HouseScope } from '../house/house.ts';
import type { HouseService } from '../house/house-service.ts';
import { type BatteryHabits, learnHabits } from './habits.ts';

export interface BatteryWatchDeps {
  house: Pick<HouseService, 'history'>;
  clock: Clock;
  /** False while what was measured before cannot be read. */
  isReadable(): boolean;
}

const LOOKED_BACK_MS = days(14);
const KEPT_MS = hours(6);
/** After a look that failed. */
const AGAIN_MS = minutes(5);
const MOST_KEPT = 200;
const metrics: readonly NumericMetric[] = ['stateOfCharge', 'batteryPower', 'solarPower', 'loadPower'];

interface Kept {
  at: number;
  habits: BatteryHabits | null;
}

/** What the battery of a house did in the last weeks: looked up behind the pages, a few times a day. */
export class BatteryWatch {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly deps: BatteryWatchDeps) {}

  /** What is known by now; null at first, while it is being looked up. Never waits. */
  of(scope: HouseScope): BatteryHabits | null {
    const { clock, isReadable } = this.deps;
    const now = clock.now();
    // In whatever order they stand: what is looked up at the start serves whoever asks first.
    const key = scope.sources
      .map(({ id, role }) => `${id} ${role}`)
      .sort()
      .join(' ');
    const kept = this.kept.get(key);
    if (isReadable() && (!kept || hasPassed(kept.at, kept.habits ? KEPT_MS : AGAIN_MS, now))) {
      // What is known stays until there is better; nobody else looks meanwhile.
      this.keep(key, { at: now, habits: kept?.habits ?? null });
      this.learn(scope, now).then(
        (habits) => this.keep(key, { at: now, habits }),
        () => undefined,
      );
    }
    return kept?.habits ?? null;
  }

  /** Looks up the house of each owner, so that the first page has it. */
  prepare(sources: readonly Pick<Source, 'id' | 'role' | 'ownerId' | 'isActive' | 'timeZone'>[]): void {
    const active = sources.filter(({ isActive }) => isActive);
    for (const own of Map.groupBy(active, ({ ownerId }) => ownerId).values())
      this.of({ sources: own.map(({ id, role }) => ({ id, role })), timeZone: own[0]?.timeZone ?? 'UTC' });
  }

  private keep(key: string, one: Kept): void {
    this.kept.delete(key);
    this.kept.set(key, one);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }

  private async learn(scope: HouseScope, now: number): Promise<BatteryHabits> {
    const to = Math.floor(now / hours(1)) * hours(1);
    const range = { from: to - LOOKED_BACK_MS, to };
    const { series, bucketMs } = await this.deps.house.history(
      scope,
      metrics,
      range,
      LOOKED_BACK_MS / hours(1),
      'means',
    );
    const of = (metric: NumericMetric) => series[metric] ?? [];
    return learnHabits({
      ...{ bucketMs, charge: of('stateOfCharge'), power: of('batteryPower') },
      ...{ solar: of('solarPower'), load: of('loadPower') },
    });
  }
}
