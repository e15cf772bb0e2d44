import type { Clock } from '../../core/clock.ts';
import { days } from '../../core/durations.ts';
import type { JobDefinition } from '../../core/jobs.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import { finestFirst, type Level } from '../archive/levels.ts';
import type { TelemetryAdmin } from '../ports.ts';

/** How long each level of the past is kept, days; 0 is for ever. */
export type Retention = Readonly<Record<Level, number>>;

export interface RetentionOptions {
  telemetry: Pick<TelemetryAdmin, 'forget'>;
  sources: Pick<SourceDirectory, 'all'>;
  clock: Clock;
  keepDays: Retention;
}

/** The nightly job that takes away what is older than the owner wants to keep, each level by itself. */
export function retentionJob({ telemetry, sources, clock, keepDays }: RetentionOptions): JobDefinition {
  const limited = finestFirst.filter((level) => keepDays[level] > 0);
  return {
    kind: 'telemetry.retention',
    title: 'Remove what is past its retention',
    ...(limited.length > 0 ? { cron: '20 3 * * *' } : {}),
    async run({ signal, progress }) {
      const all = sources.all();
      for (const [done, source] of all.entries()) {
        // Administrators look at jobs, and have no business with the names of sources.
        progress(done / all.length, `Source ${done + 1} of ${all.length}`);
        for (const level of limited) {
          if (signal.aborted) return;
          const before = clock.now() - days(keepDays[level]);
          await telemetry.forget(source.id, { level, before, leavesMinutes: keepsMinutes(keepDays) });
        }
      }
    },
  };
}

/** True if minutes are kept longer than the readings they are made of. */
const keepsMinutes = ({ readings, minute }: Retention): boolean => minute === 0 || minute > readings;
