import type { Clock } from '../core/clock.ts';
import { days } from '../core/durations.ts';
import type { JobDefinition } from '../core/jobs.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { TelemetryAdmin } from './ports.ts';

export interface RetentionOptions {
  telemetry: Pick<TelemetryAdmin, 'deleteBefore'>;
  sources: Pick<SourceDirectory, 'all'>;
  clock: Clock;
  /** 0 keeps readings for ever. */
  retentionDays: number;
}

/** The nightly job that removes readings older than the owner wants to keep, with their rollups and energy. */
export function retentionJob(options: RetentionOptions): JobDefinition {
  const { telemetry, sources, clock, retentionDays } = options;
  return {
    kind: 'telemetry.retention',
    title: 'Remove readings past their retention',
    ...(retentionDays > 0 ? { cron: '20 3 * * *' } : {}),
    async run({ signal, progress }) {
      // A job that was queued before the owner chose to keep everything removes nothing.
      if (retentionDays <= 0) return;
      const before = clock.now() - days(retentionDays);
      const all = sources.all();
      for (const [done, source] of all.entries()) {
        if (signal.aborted) return;
        // Administrators look at jobs, and have no business with the names of sources.
        progress(done / all.length, `Source ${done + 1} of ${all.length}`);
        await telemetry.deleteBefore(source.id, before);
      }
    },
  };
}
