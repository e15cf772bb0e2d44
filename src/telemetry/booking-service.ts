import type { JobDefinition } from '../core/jobs.ts';
import type { SourceDirectory } from '../sources/ports.ts';

/** What catching up needs of telemetry. */
export interface Booking {
  /** Sources with many days that are not packed, or whose energy is not booked. */
  farBehind(): string[];
  /** One pass over a source, so that others have their turn. True when nothing is left to do. */
  bookPass(sourceId: string): Promise<boolean>;
  /** Share of a source's time that is done, 0..1. */
  bookProgress(sourceId: string): number;
}

export const BOOKING_JOB = 'telemetry.booking';

/** The job that packs and books long times: after an update that stores or books otherwise, or an interrupted import. */
export function bookingJob(options: {
  booking: () => Booking | null;
  sources: Pick<SourceDirectory, 'byId'>;
}): JobDefinition {
  return {
    kind: BOOKING_JOB,
    title: 'Bring charts and energy of the past up to date',
    async run({ signal, progress }) {
      const booking = options.booking();
      if (!booking) throw new Error('the telemetry database is not open');
      const behind = booking.farBehind();
      for (const [done, sourceId] of behind.entries()) {
        const name = options.sources.byId(sourceId)?.name ?? '';
        do {
          if (signal.aborted) return;
          progress((done + booking.bookProgress(sourceId)) / behind.length, name);
        } while (!(await booking.bookPass(sourceId)));
      }
    },
  };
}
