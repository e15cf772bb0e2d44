import { connectAsync, type MqttClient } from 'mqtt';
import { systemClock } from '../core/clock.ts';
import { unwrap } from '../core/result.ts';
import { createConnections } from '../ingest/connections/feature.ts';
import { createIngest } from '../ingest/feature.ts';
import { IngestRefusal, type IngestService } from '../ingest/ports.ts';
import { silentLog } from '../platform/log.ts';
import { makeHouseAuthority, makeServerCertificate } from '../platform/x509.ts';
import { RecordingSink } from './ingest.ts';
import { ada, adam, bob, olga, SourcesBench } from './sources.ts';

const people = { ada, bob, olga, adam };

/** Connections on the real sources and ingest, with times of a test: seconds become tens of milliseconds. */
export class ConnectionsBench {
  readonly base = new SourcesBench();
  readonly sink = new RecordingSink();
  readonly ingest = createIngest({
    ...{ db: this.base.db, dataDir: this.base.dir, clock: systemClock, log: silentLog, sink: this.sink },
    sources: this.base.sources.directory,
    deletion: this.base.sources.deletion,
    ...{ commitWindowMs: 20, rawRetentionDays: 7, maxBodyMb: 1 },
  });
  /** Stands between connections and ingest, so that a test can refuse. */
  isRefusing = false;
  refusals = 0;
  private readonly door: IngestService = {
    receive: (source, channel, message, done) => {
      if (!this.isRefusing) return this.ingest.service.receive(source, channel, message, done);
      this.refusals++;
      done(new IngestRefusal('unavailable', 'refused on purpose'), { accepted: 0, rejected: [] });
    },
  };
  /** Those whose role is User from now on. */
  readonly demoted = new Set<string>();
  readonly ada = ada;
  readonly olga = olga;
  connections = this.make();

  async start(): Promise<this> {
    await this.base.start();
    await this.ingest.start?.();
    await this.connections.start?.();
    return this;
  }

  /** The next process as far as connections go. */
  async restart(): Promise<void> {
    await this.connections.stop?.();
    this.connections = this.make();
    await this.connections.start?.();
  }

  async dispose(): Promise<void> {
    await this.connections.stop?.();
    await this.ingest.stop?.();
    await this.base.sources.stop?.();
    await this.base.dispose();
  }

  /** A connection of Olga's (who may reach this machine) that feeds a new source. */
  async connect(port: number, more: Record<string, unknown> = {}) {
    const { source } = await this.base.create(olga, { timeZone: 'UTC' });
    const input = { name: 'Garage', host: '127.0.0.1', port, sourceId: source.id, ...more };
    return unwrap(await this.connections.service.create(olga, input)).connection;
  }

  stateOf(id: string) {
    return unwrap(this.connections.service.findFor(olga, id)).state;
  }

  trafficOf(id: string) {
    return unwrap(this.connections.service.findFor(olga, id)).traffic;
  }

  connectionOf(id: string) {
    return unwrap(this.connections.service.findFor(olga, id)).connection;
  }

  /** The newest value of a metric that arrived in the source. */
  newest(metric: string): unknown {
    return this.sink.readings.findLast((reading) => metric in reading.values)?.values[
      metric as keyof (typeof this.sink.readings)[number]['values']
    ];
  }

  get trials() {
    return this.connections.trials;
  }

  storedConnections(): number {
    return this.base.db.query<{ n: number }, []>('SELECT count(*) AS n FROM connections').get()?.n ?? 0;
  }

  /** A house's own authority and a server's certificate from it. */
  certificates(dns: string[] = ['localhost']) {
    const now = Date.now();
    const authority = makeHouseAuthority({ name: 'Test house', now, days: 2 });
    const ip = dns.includes('localhost') ? ['127.0.0.1'] : [];
    return { authority, server: makeServerCertificate({ authority, names: { dns, ip }, now, days: 2 }) };
  }

  private viewerFor(id: keyof typeof people) {
    return this.demoted.has(id) ? { ...people[id], role: 'user' as const } : people[id];
  }

  private make() {
    const { sources, db } = this.base;
    const made = createConnections({
      ...{ db, clock: systemClock, log: silentLog, vault: sources.vault, ingest: this.door },
      sources: sources.directory,
      sourceMaker: sources.service,
      deletion: sources.deletion,
      users: { viewerFor: (id) => this.viewerFor(id as keyof typeof people) },
      timing: {
        ...{
          firstRetryMs: 40,
          mostRetryMs: 400,
          venusKeepAliveMs: 150,
          venusPatienceMs: 300,
          silenceMs: 600,
          detectMs: 500,
        },
        ...{ storeRetryMs: 50, steadyMs: 100, connectMs: 2000, pingMs: 200, answerMs: 200, trialMs: 900 },
      },
    });
    sources.plugIn({ feeds: made.service });
    return made;
  }
}

/** Waits until something is so. */
export async function until(isSo: () => boolean, withinMs = 4000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > end) throw new Error(`it did not become so within ${withinMs} ms`);
    await Bun.sleep(10);
  }
}

/** A device that publishes at a broker on this machine. */
export function device(port: number, login: { username?: string; password?: string } = {}): Promise<MqttClient> {
  return connectAsync(`mqtt://127.0.0.1:${port}`, { reconnectPeriod: 50, ...login });
}
