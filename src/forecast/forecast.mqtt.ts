import type { Broker } from '../mqtt/ports.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import {
  dayQuantile,
  type ForecastIssue,
  type ForecastQuantity,
  quantileAt,
  stepCount,
  stepLength,
  stepStart,
} from './issue.ts';
import type { ForecastReader } from './ports.ts';

export interface ForecastPublisherDeps {
  broker: Pick<Broker, 'publish'>;
  sources: Pick<SourceDirectory, 'all' | 'byId' | 'onChange'>;
  forecasts: ForecastReader;
  now: () => number;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const watts = (value: number): number => Math.round(value);
const kwh = (value: number): number => Math.round(value * 100) / 100;
/** Others plan two days ahead by the quarter hour; the days after are told as totals. */
const STEPS_FOR_MS = 48 * 3_600_000;

/** Publishes `ampra/<source id>/forecast`, retained: what comes, with its odds, as it was issued last. */
export class ForecastPublisher {
  readonly name = 'forecasts over MQTT';
  private endings: (() => void)[] = [];

  constructor(private readonly deps: ForecastPublisherDeps) {}

  async start(): Promise<void> {
    const { sources, forecasts } = this.deps;
    for (const { id } of sources.all()) this.publish(id);
    this.endings = [
      forecasts.onIssue(({ sourceId }) => this.publish(sourceId)),
      sources.onChange(({ kind, source }) => {
        if (kind === 'deleted') this.send(source.ownerId, source.id, '');
      }),
    ];
  }

  async stop(): Promise<void> {
    for (const end of this.endings.splice(0)) end();
  }

  private publish(sourceId: string): void {
    const { sources, forecasts, now } = this.deps;
    const source = sources.byId(sourceId);
    if (!source) return;
    const parts = forecasts.quantitiesOf(sourceId).flatMap((quantity) => {
      const issue = forecasts.issueAt({ sourceId, quantity }, now());
      return issue ? [[quantity, partOf(issue)] as const] : [];
    });
    if (parts.length > 0) this.send(source.ownerId, sourceId, JSON.stringify(Object.fromEntries(parts)));
  }

  private send(ownerId: string, sourceId: string, payload: string): void {
    const options = { retain: true, isTransient: true, contentType: 'application/json' };
    void this.deps.broker.publish(ownerId, `ampra/${sourceId}/forecast`, payload, options);
  }
}

/** What one quantity's part of the message says. */
function partOf(issue: ForecastIssue) {
  const steps = Array.from({ length: stepCount(issue.steps) }, (_, step) => step).filter(
    (step) => stepStart(issue.steps, step) < issue.steps.from + STEPS_FOR_MS,
  );
  const column = (level: number): number[] =>
    steps.map((step) => watts(quantileAt(level, (place) => issue.quantilesW[place]?.[step] ?? 0)));
  const [first = 0] = steps;
  return {
    issuedAt: iso(issue.issuedAt),
    from: iso(issue.steps.from),
    stepSeconds: stepLength(issue.steps, first) / 1000,
    p10W: column(0.1),
    p50W: column(0.5),
    p90W: column(0.9),
    days: issue.days.map((day) => ({
      date: day.date,
      p10Kwh: kwh(dayQuantile(day, 0.1)),
      p50Kwh: kwh(dayQuantile(day, 0.5)),
      p90Kwh: kwh(dayQuantile(day, 0.9)),
      soFarKwh: kwh(day.soFarKwh),
    })),
    basis: issue.model === null ? 'physics' : 'learned',
    weatherAt: issue.weatherAt === null ? null : iso(issue.weatherAt),
  };
}

export type ForecastMessage = Partial<Record<ForecastQuantity, ReturnType<typeof partOf>>>;
