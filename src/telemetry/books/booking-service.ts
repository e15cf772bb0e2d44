import type { JobContext, JobDefinition } from '../../core/jobs.ts';
import type { SourceDirectory } from '../../sources/ports.ts';

/** What catching up needs of telemetry. */
export interface Booking {
  /** Sources with many days that are not packed, or whose energy is not booked, or booked by earlier rules. */
  farBehind(): string[];
  /** One pass over a source, so that others have their turn. True when nothing is left to do. */
  bookPass(sourceId: string): Promise<boolean>;
  /** Share of a source's time that is done, 0..1. */
  bookProgress(sourceId: string): number;
}

export const BOOKING_JOB = 'telemetry.booking';

/** After each pass others have the processor to themselves for as long as it took, but not for longer. ms. */
const LONGEST_REST_MS = 250;

/** The job that packs and books long times: after an update that stores or books otherwise, or an interrupted import. */
export function bookingJob(options: {
  booking: () => Booking | null;
  sources: Pick<SourceDirectory, 'byId'>;
}): JobDefinition {
  return {
    kind: BOOKING_JOB,
    title: 'Bring charts and energy of the past up to date',
    isHeavy: true,
    async run({ signal, progress }) {
      const booking = options.booking();
      if (!booking) throw new Error('the telemetry database is not open');
      const nameOf = (sourceId: string) => options.sources.byId(sourceId)?.name ?? '';
      // What an owner changes meanwhile (a zone) may put others behind.
      while (await catchUp(booking, { signal, progress }, nameOf));
    },
  };
}

/** Brings every source that is behind up to date. True if there was something to do, and all of it was done. */
async function catchUp(
  booking: Booking,
  { signal, progress }: Pick<JobContext, 'signal' | 'progress'>,
  nameOf: (sourceId: string) => string,
): Promise<boolean> {
  const behind = booking.farBehind();
  let passes = 0;
  for (const [done, sourceId] of behind.entries()) {
    do {
      if (signal.aborted) return false;
      progress((done + booking.bookProgress(sourceId)) / behind.length, nameOf(sourceId));
      passes++;
    } while (!(await restedPass(booking, sourceId)));
  }
  return passes > behind.length;
}

async function restedPass(booking: Booking, sourceId: string): Promise<boolean> {
  const before = performance.now();
  const isDone = await booking.bookPass(sourceId);
  const rest = Math.min(LONGEST_REST_MS, performance.now() - before);
  if (!isDone) await new Promise((resolve) => setTimeout(resolve, rest));
  return isDone;
}
