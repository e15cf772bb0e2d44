import type { App } from './app.ts';
import { featuresOf } from './app-operation-arguments.ts';
import type { Operation } from './platform/operation.ts';
import type { BookCheck } from './telemetry/books/book-check.ts';

/** Days of each source that are booked anew to be compared: enough to find what is wrong in general, done in a moment. */
const SAMPLE_DAYS = 5;

/** What came of looking at the books of one source again. */
export type SourceBookCheck = BookCheck & { source: string };

export function bookOperations(app: App): Record<string, Operation> {
  const sources = () => featuresOf(app).sources.directory.all();
  return {
    'books check': async (_args, io) => {
      const { admin } = featuresOf(app).telemetry;
      const checked: SourceBookCheck[] = [];
      for (const { id, name } of sources()) {
        const check = await admin.checkBooks(id, SAMPLE_DAYS);
        if (check) checked.push({ source: name, ...check });
      }
      await io.write(JSON.stringify(checked));
    },

    'books rebook': async (_args, io) => {
      const { admin } = featuresOf(app).telemetry;
      const all = sources();
      for (const [done, { id, name }] of all.entries()) {
        io.progress({ text: `Working out anew: ${name}`, done, total: all.length });
        await admin.bookAnew(id);
      }
      io.note(`The figures of ${all.length === 1 ? '1 source are' : `${all.length} sources are`} worked out anew.`);
    },
  };
}
