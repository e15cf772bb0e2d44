import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { NewestValues } from '../../../views/telemetry/newest-values.tsx';
import type { Clock } from '../../core/clock.ts';
import { formatDate } from '../../core/format.ts';
import type { MetricName } from '../../core/metrics.ts';
import type { Source } from '../../sources/source.ts';
import { viewerOf } from '../../web/asking.ts';
import type { AppEnv } from '../../web/routes.ts';
import type { TelemetryReader } from '../ports.ts';
import type { LiveService } from './live-service.ts';
import { newestValues } from './newest-values.ts';

export interface NewestDeps {
  reader: Pick<TelemetryReader, 'latest'>;
  live: Pick<LiveService, 'limitsOf'>;
  clock: Clock;
}

/**
 * The card on a source's page that tells what it last said: opened once, drawn as often as wished. It keeps to the values
 * that there were when it was opened, since new ones would move the rest of the page under the reader's eyes.
 */
export const newestCard =
  ({ reader, live, clock }: NewestDeps) =>
  (c: Context<AppEnv>, source: Source): (() => Child) => {
    const { temperatureUnit } = viewerOf(c);
    const limitsOf = (metric: MetricName) => live.limitsOf(source.id, metric);
    const { id, timeZone } = source;
    const kinds = new Set(Object.keys(reader.latest(id)?.values ?? {}));
    return () => {
      const latest = reader.latest(id);
      if (!latest || kinds.size === 0) return null;
      const now = clock.now();
      const all = newestValues(latest, { now, timeZone, temperatureUnit, limitsOf });
      const values = all.filter(({ name }) => kinds.has(name));
      return <NewestValues values={values} asOf={formatDate(now, timeZone, 'timeSeconds')} />;
    };
  };
