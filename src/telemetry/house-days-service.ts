import type { Clock } from '../core/clock.ts';
import { type LocalStep, stepsIn } from '../core/local-steps.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { type PeriodSpan, periodsIn } from '../core/zone.ts';
import { isUneven } from './energy-together.ts';
import type { HouseScope } from './house.ts';
import { type DayOfParts, dayFromQuarters, followsFrom, handedOver, partOfDay, quartersIn } from './house-day.ts';
import { type HousePeriod, housePeriod, inDoubt, partsAt, type SourcePeriods } from './house-energy.ts';
import { type SourceDays, unheardOf } from './house-silence.ts';
import type { KnownSources } from './known-service.ts';
import type { TelemetryReader } from './ports.ts';

export interface HouseDaysDeps {
  reader: Pick<TelemetryReader, 'energy' | 'span'>;
  known: Pick<KnownSources, 'of'>;
  clock: Clock;
}

/** So many days are asked for one by one. */
const FEW_DAYS = 8;

/** The days and quarter hours of a house, worked out of those of its sources each time. */
export class HouseDays {
  constructor(private readonly deps: HouseDaysDeps) {}

  /** The days of a range that begins and ends with one; a day on either side tells where a quantity changes hands. */
  async days(scope: HouseScope, range: TimeSpan): Promise<HousePeriod[]> {
    const wide = { from: range.from - 1, to: range.to + 1 };
    const given = await this.daysOfSources(scope, wide);
    const days = periodsIn('day', wide, scope.timeZone).flatMap((span, index) => {
      if (span.from < range.from || span.to > range.to) return [];
      const facts = this.factsOf(given, index, span);
      return [{ span, facts, sums: housePeriod(span, facts.parts) }];
    });
    const isFine = ({ facts, sums }: (typeof days)[number]): boolean => facts.handedOver.length > 0 || isUneven(sums);
    const quarters = await this.quartersOf(
      scope,
      days.filter(isFine).map(({ span }) => span),
    );
    return days.map(({ span, facts, sums }) => {
      const own = quarters.get(span.from);
      return inDoubt(own ? dayFromQuarters(sums, span, facts, own) : sums, facts.doubtful);
    });
  }

  /** The quarter hours of a range. */
  async quarterHours(scope: HouseScope, range: TimeSpan): Promise<HousePeriod[]> {
    const days = periodsIn('day', range, scope.timeZone);
    const [first, last] = [days[0] as PeriodSpan, days[days.length - 1] as PeriodSpan];
    const [byDay, quarters] = await Promise.all([
      this.daysOfSources(scope, { from: first.from - 1, to: last.to + 1 }),
      this.ofSources(scope, 'quarterHour', range),
    ]);
    // `byDay` begins with the day before the first.
    const facts = days.map((span, i) => this.factsOf(byDay, i + 1, span));
    let day = 0;
    return stepsIn('quarterHour', range, scope.timeZone).map((span, index) => {
      while ((days[day] as PeriodSpan).to <= span.from) day++;
      return partOfDay(span, quarters, index, facts[day] as DayOfParts);
    });
  }

  /** What is known of the `index`th of the given days, which is `span`. */
  private factsOf(given: readonly SourceDays[], index: number, span: PeriodSpan): DayOfParts {
    const parts = partsAt(given, index);
    return {
      parts,
      handedOver: given.length > 1 ? handedOver(given, index) : [],
      follows: followsFrom(parts),
      doubtful: unheardOf(given, index, span, this.deps.clock.now()),
    };
  }

  /** The quarter hours of some days by their starts, asked for at once: of many, all from the first to the last. */
  private async quartersOf(scope: HouseScope, asked: readonly PeriodSpan[]): Promise<Map<number, SourcePeriods[]>> {
    const first = asked[0];
    const last = asked[asked.length - 1];
    if (!first || !last) return new Map();
    const of = (span: TimeSpan) => this.ofSources(scope, 'quarterHour', this.untilNow(span));
    if (asked.length <= FEW_DAYS)
      return new Map(await Promise.all(asked.map(async (day) => [day.from, await of(day)] as const)));
    const all = await of({ from: first.from, to: last.to });
    return new Map(asked.map((day) => [day.from, quartersIn(all, first.from, day)]));
  }

  private untilNow({ from, to }: TimeSpan): TimeSpan {
    return { from, to: Math.max(from + 1, Math.min(to, this.deps.clock.now())) };
  }

  private async daysOfSources(scope: HouseScope, range: TimeSpan): Promise<SourceDays[]> {
    const given = await this.ofSources(scope, 'day', range);
    return Promise.all(
      given.map(async (one) => {
        const { metrics } = await this.deps.known.of(one.source.id);
        return { ...one, metrics, life: await this.deps.reader.span(one.source.id) };
      }),
    );
  }

  private ofSources(scope: HouseScope, step: LocalStep, range: TimeSpan): Promise<SourcePeriods[]> {
    return Promise.all(
      scope.sources.map(async (source) => ({
        source,
        // Years before a source was there cost nothing.
        periods: (await this.isHeardBefore(source.id, range.to))
          ? await this.deps.reader.energy(source.id, step, range, scope.timeZone)
          : [],
      })),
    );
  }

  private async isHeardBefore(sourceId: string, time: number): Promise<boolean> {
    const span = await this.deps.reader.span(sourceId);
    return span !== null && span.from < time;
  }
}
