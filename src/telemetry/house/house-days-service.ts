import type { Clock } from '../../core/clock.ts';
import { type LocalStep, stepsIn } from '../../core/local-steps.ts';
import { nextTurn } from '../../core/next-turn.ts';
import type { TimeSpan } from '../../core/time-range.ts';
import { type PeriodSpan, periodsIn } from '../../core/zone.ts';
import { isUneven } from '../energy/energy-together.ts';
import type { KnownSources } from '../known-service.ts';
import type { TelemetryReader } from '../ports.ts';
import type { HouseScope } from './house.ts';
import {
  countedIn,
  type DayOfParts,
  dayFromQuarters,
  followsFrom,
  handedOver,
  partOfDay,
  quartersIn,
} from './house-day.ts';
import { type HousePeriod, housePeriod, inDoubt, partsAt, type SourcePeriods } from './house-energy.ts';
import { type SourceDays, unheardOf } from './house-silence.ts';

export interface HouseDaysDeps {
  reader: Pick<TelemetryReader, 'energy' | 'span'>;
  known: Pick<KnownSources, 'of'>;
  clock: Clock;
}

/** Days whose quarter hours are asked for at once: what is made of them holds nobody up. */
const LONGEST_STRETCH = 8;

/** A day with what is known of it, and its sums. */
interface AddedDay {
  span: PeriodSpan;
  facts: DayOfParts;
  sums: HousePeriod;
}

/** The days and quarter hours of a house, worked out of those of its sources each time. */
export class HouseDays {
  constructor(private readonly deps: HouseDaysDeps) {}

  /** The days of a range that begins and ends with one; a day on either side tells where a quantity changes hands. */
  async days(scope: HouseScope, range: TimeSpan): Promise<HousePeriod[]> {
    const wide = { from: range.from - 1, to: range.to + 1 };
    const given = await this.daysOfSources(scope, wide);
    const all = periodsIn('day', wide, scope.timeZone).flatMap((span, index): AddedDay[] => {
      if (span.from < range.from || span.to > range.to) return [];
      const facts = this.factsOf(given, index, span);
      return [{ span, facts, sums: housePeriod(span, facts.parts) }];
    });
    const isFine = ({ facts, sums }: AddedDay): boolean => facts.handedOver.length > 0 || isUneven(sums);
    const fine = await this.fromQuarters(scope, all.filter(isFine));
    return all.map(({ span, facts, sums }) => inDoubt(fine.get(span.from) ?? sums, facts.doubtful));
  }

  /** The quarter hours of a range. */
  async quarterHours(scope: HouseScope, range: TimeSpan): Promise<HousePeriod[]> {
    const spans = periodsIn('day', range, scope.timeZone);
    const [first, last] = [spans[0] as PeriodSpan, spans[spans.length - 1] as PeriodSpan];
    const [byDay, quarters] = await Promise.all([
      this.daysOfSources(scope, { from: first.from - 1, to: last.to + 1 }),
      this.ofSources(scope, 'quarterHour', range),
    ]);
    // `byDay` begins with the day before the first.
    const facts = spans.map((span, i) => this.factsOf(byDay, i + 1, span));
    let day = 0;
    return stepsIn('quarterHour', range, scope.timeZone).map((span, index) => {
      while ((spans[day] as PeriodSpan).to <= span.from) day++;
      return partOfDay(span, quarters, index, facts[day] as DayOfParts);
    });
  }

  /** What is known of the `index`th of the given days, which is `span`. */
  private factsOf(given: readonly SourceDays[], index: number, span: PeriodSpan): DayOfParts {
    const parts = partsAt(given, index);
    return {
      parts,
      counted: countedIn(parts),
      handedOver: given.length > 1 ? handedOver(given, index) : [],
      follows: followsFrom(parts),
      doubtful: unheardOf(given, index, span, this.deps.clock.now()),
    };
  }

  /** Days by their starts, each from its quarter hours; a stretch after the other, so that others have their turn. */
  private async fromQuarters(scope: HouseScope, days: readonly AddedDay[]): Promise<Map<number, HousePeriod>> {
    const found = new Map<number, HousePeriod>();
    for (const stretch of stretchesOf(days)) {
      const [{ from }, { to }] = [(stretch[0] as AddedDay).span, (stretch.at(-1) as AddedDay).span];
      const quarters = await this.ofSources(scope, 'quarterHour', this.untilNow({ from, to }));
      for (const { span, facts, sums } of stretch)
        found.set(span.from, dayFromQuarters(sums, span, facts, quartersIn(quarters, from, span)));
      await nextTurn();
    }
    return found;
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

/** Ascending days, those that follow each other together. */
function stretchesOf(days: readonly AddedDay[]): AddedDay[][] {
  const stretches: AddedDay[][] = [];
  for (const day of days) {
    const open = stretches[stretches.length - 1];
    const isNext = open !== undefined && open.length < LONGEST_STRETCH && open.at(-1)?.span.to === day.span.from;
    if (isNext) open.push(day);
    else stretches.push([day]);
  }
  return stretches;
}
