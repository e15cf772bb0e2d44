import type { Context } from 'hono';
import type { Child } from 'hono/jsx';
import { NewestValues } from '../../views/telemetry/newest-values.tsx';
import type { Clock } from '../core/clock.ts';
import { formatDate } from '../core/format.ts';
import type { Source } from '../sources/source.ts';
import { viewerOf } from '../web/asking.ts';
import type { AppEnv } from '../web/routes.ts';
import type { LiveService } from './live-service.ts';
import { newestValues } from './newest-values.ts';
import type { TelemetryReader } from './ports.ts';

export interface NewestDeps {
  reader: Pick<TelemetryReader, 'latest'>;
  live: Pick<LiveService, 'limitsOf'>;
  clock: Clock;
}

/** The card on a source's page that tells what it last said. */
export const newestCard =
  ({ reader, live, clock }: NewestDeps) =>
  (c: Context<AppEnv>, source: Source): Child => {
    const latest = reader.latest(source.id);
    if (!latest) return null;
    const { temperatureUnit } = viewerOf(c);
    const limitsOf = (metric: Parameters<LiveService['limitsOf']>[1]) => live.limitsOf(source.id, metric);
    const { timeZone } = source;
    const now = clock.now();
    const values = newestValues(latest, { now, timeZone, temperatureUnit, limitsOf });
    return <NewestValues values={values} asOf={formatDate(now, timeZone, 'timeSeconds')} />;
  };
