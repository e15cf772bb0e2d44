import type { Broker } from '../mqtt/ports.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import type { TelemetryReader } from '../telemetry/ports.ts';

export interface LatestPublisherDeps {
  broker: Pick<Broker, 'publish'>;
  sources: Pick<SourceDirectory, 'byId' | 'all' | 'onChange'>;
  telemetry: Pick<TelemetryReader, 'latest' | 'onReadings'>;
  /** Least time between two publications of a source, ms. */
  everyMs?: number;
}

const iso = (ms: number) => new Date(ms).toISOString();

/**
 * Publishes `ampra/<source id>/latest`, retained: the newest value of each metric, as the API gives it. At most once a
 * second for each source, however fast it reports. Nothing of it goes to disk: a start publishes it again.
 */
export class LatestPublisher {
  readonly name = 'latest readings over MQTT';
  private readonly changed = new Set<string>();
  private timer: Timer | null = null;
  private endings: (() => void)[] = [];

  constructor(private readonly deps: LatestPublisherDeps) {}

  async start(): Promise<void> {
    const { sources, telemetry } = this.deps;
    for (const source of sources.all()) this.changed.add(source.id);
    this.publishChanged();
    this.endings = [
      telemetry.onReadings((ids) => this.note(ids)),
      sources.onChange(({ kind, source }) => {
        if (kind === 'deleted') this.send(source, '');
      }),
    ];
  }

  async stop(): Promise<void> {
    for (const end of this.endings.splice(0)) end();
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    this.changed.clear();
  }

  private note(ids: ReadonlySet<string>): void {
    for (const id of ids) this.changed.add(id);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.publishChanged();
    }, this.deps.everyMs ?? 1000);
  }

  private publishChanged(): void {
    const { sources, telemetry } = this.deps;
    for (const id of this.changed) {
      const source = sources.byId(id);
      const latest = source && telemetry.latest(id);
      if (!latest) continue;
      const times = Object.fromEntries(Object.entries(latest.times).map(([name, time]) => [name, iso(time)]));
      const { values, derived } = latest;
      this.send(source, JSON.stringify({ time: iso(latest.time), values, times, derived }));
    }
    this.changed.clear();
  }

  private send(source: Source, payload: string): void {
    const options = { retain: true, isTransient: true, contentType: 'application/json' };
    void this.deps.broker.publish(source.ownerId, `ampra/${source.id}/latest`, payload, options);
  }
}
