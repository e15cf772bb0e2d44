import type { Clock } from '../../core/clock.ts';
import { seconds } from '../../core/durations.ts';
import type { Source } from '../../sources/source.ts';
import type { BatteryNow } from '../../telemetry/battery/battery-now.ts';
import { type ForecastIssue, type ForecastQuantity, forecastQuantities } from '../issue.ts';
import type { ForecastReader } from '../ports.ts';
import { type BatteryCourse, batteryCourse, type NetAt, netOf } from './battery-course.ts';
import { houseSubjects } from './house-subjects.ts';
import { type Outlook, outlookOf } from './outlook.ts';

export interface OutlooksDeps {
  reader: Pick<ForecastReader, 'quantitiesOf' | 'issueAt'>;
  clock: Clock;
}

/** The Live page is drawn each second, a forecast is made each quarter of an hour. */
const KEPT_MS = seconds(20);
const MOST_KEPT = 200;

interface Ahead {
  /** When it was looked up, ms UTC. */
  at: number;
  outlook: Outlook | null;
  net: NetAt | null;
}

/** What comes today and tomorrow, of sources together. Callers have checked that they may be seen. */
export class ForecastOutlooks {
  private readonly kept = new Map<string, Ahead>();

  constructor(private readonly deps: OutlooksDeps) {}

  /** The sun that comes, or the consumption where no sun is forecast; null while there is neither. */
  of(sources: readonly Source[]): Outlook | null {
    return this.ahead(sources, this.deps.clock.now()).outlook;
  }

  /**
   * What the battery of these sources has before it: `later` while what it did of late is being looked up, null where
   * nobody can tell.
   */
  course(sources: readonly Source[], battery: BatteryNow): BatteryCourse | 'later' | null {
    const now = this.deps.clock.now();
    const { net } = this.ahead(sources, now);
    if (!net) return null;
    return battery.habits === null ? 'later' : batteryCourse(battery, net, now);
  }

  private ahead(sources: readonly Source[], now: number): Ahead {
    const key = sources.map(({ id }) => id).join(' ');
    const kept = this.kept.get(key);
    if (kept && now >= kept.at && now - kept.at < KEPT_MS) return kept;
    const found = { at: now, ...this.find(sources, now) };
    if (this.kept.size >= MOST_KEPT) this.kept.clear();
    this.kept.set(key, found);
    return found;
  }

  private find(sources: readonly Source[], now: number): Omit<Ahead, 'at'> {
    const issues = forecastQuantities.map((quantity) => [quantity, this.issuesOf(sources, quantity, now)] as const);
    const [outlook = null] = issues.flatMap(([quantity, of]) => outlookOf(quantity, of, now) ?? []);
    const { solar = [], load = [] } = Object.fromEntries(issues);
    return { outlook, net: netOf(solar, load) };
  }

  /** The newest forecasts that add up to a quantity of these sources; none while one of them is missing. */
  private issuesOf(sources: readonly Source[], quantity: ForecastQuantity, now: number): ForecastIssue[] {
    const { reader } = this.deps;
    const active = sources.filter(({ isActive }) => isActive);
    const subjects = houseSubjects(active, quantity, ({ id }) => reader.quantitiesOf(id).includes(quantity));
    const issues = subjects.flatMap((subject) => reader.issueAt(subject, now) ?? []);
    return issues.length < subjects.length ? [] : issues;
  }
}
