import { type LineProblem, ProblemSummary, readingsIn } from './admin/import-readings.ts';
import { csvHeader, type FileFormat, linesOf, readingLine } from './admin/reading-file.ts';
import type { App } from './app.ts';
import { featuresOf, refused, text } from './app-operation-arguments.ts';
import { AmpraError } from './core/result.ts';
import type { Operation, OperationArguments } from './platform/operation.ts';
import { STANDS_FOR_UNKNOWN } from './sources/refused-words.ts';
import type { Source } from './sources/source.ts';
import { readMoment } from './telemetry/history/chosen-range.ts';

/** Problems named one by one; the rest are counted. */
const NAMED_PROBLEMS = 20;
const PAGE = 10_000;

export function readingOperations(app: App): Record<string, Operation> {
  return {
    import: async (args, io) => {
      const source = sourceOf(app, args);
      const format = formatOf(args);
      const totalBytes = Number(args.bytes) || undefined;
      let bytes = 0;
      const { admin } = featuresOf(app).telemetry;
      const now = app.base.clock.now();
      const problems = new ProblemSummary();
      let unknown = 0;
      const onProblem = (problem: LineProblem) => {
        if (problem.message === STANDS_FOR_UNKNOWN) {
          unknown++;
          admin.noteRefused(source.id, now, [{ ...problem, index: 0 }]);
          return;
        }
        problems.add(problem);
        const { line, field, message } = problem;
        if (problems.count <= NAMED_PROBLEMS) io.note(`Line ${line}: ${field ? `${field} ` : ''}${message}`);
      };
      const input = counted(io.input, (n) => {
        bytes += n;
        io.progress({ text: 'Importing, bytes', done: bytes, ...(totalBytes ? { total: totalBytes } : {}) });
      });
      const options = { format, sourceId: source.id, timeZone: source.timeZone, now, onProblem };
      const count = await admin.importReadings(source.id, readingsIn(linesOf(input), options));
      io.note(`${count} ${count === 1 ? 'reading is' : 'readings are'} stored in ${source.name}.`);
      if (unknown > 0)
        io.note(`Left out: ${unknown} ${unknown === 1 ? 'value' : 'values'} that ${STANDS_FOR_UNKNOWN}.`);
      if (problems.count > 0) throw new AmpraError({ code: 'invalid', message: problems.text(count) });
      if (count === 0) throw new AmpraError({ code: 'invalid', message: 'The file holds no readings.' });
    },

    export: async (args, io) => {
      const source = sourceOf(app, args);
      const format = formatOf(args);
      const { reader } = featuresOf(app).telemetry;
      const from = timeOf(args, 'from', source.timeZone) ?? 0;
      const range = { from, to: timeOf(args, 'to', source.timeZone) ?? app.base.clock.now() + 1 };
      const columns = await reader.metricsOf(source.id);
      if (format === 'csv') await io.write(csvHeader(columns));
      let cursor: string | null = null;
      let count = 0;
      do {
        const page = await reader.readings(source.id, range, { limit: PAGE, ...(cursor ? { cursor } : {}) });
        await io.write(page.items.map((item) => readingLine(item, format, columns)).join(''));
        count += page.items.length;
        io.progress({ text: 'Exporting, readings', done: count });
        cursor = page.nextCursor;
      } while (cursor);
      io.note(`${count} ${count === 1 ? 'reading' : 'readings'} of ${source.name}, times in UTC.`);
    },
  };
}

/** By id or, when only one has it, by name. */
function sourceOf(app: App, args: OperationArguments): Source {
  const wanted = text(args, 'source');
  const { directory } = featuresOf(app).sources;
  const found =
    directory.byId(wanted) ??
    onlyOne(
      directory.all().filter((s) => s.name === wanted),
      wanted,
    );
  if (found) return found;
  const known = directory.all().map((s) => `${s.id} ${s.name}`);
  const hint = known.length === 0 ? 'There are no sources yet.' : `There are: ${known.join('; ')}.`;
  throw new AmpraError({ code: 'not_found', field: 'source', message: `There is no source ${wanted}.`, hint });
}

function onlyOne(sources: readonly Source[], name: string): Source | undefined {
  if (sources.length > 1) throw refused('source', `${sources.length} sources are called ${name}: give the id.`);
  return sources[0];
}

function formatOf(args: OperationArguments): FileFormat {
  const format = args.format ?? 'csv';
  if (format === 'csv' || format === 'ndjson') return format;
  throw refused('format', 'The format is csv or ndjson.');
}

/** A time without a zone is that of the source, whatever the zone of this computer. */
function timeOf(args: OperationArguments, name: 'from' | 'to', timeZone: string): number | null {
  if (args[name] === undefined) return null;
  const time = readMoment(text(args, name), timeZone, { offset: undefined, isEnd: name === 'to' });
  if (time === null) throw refused(name, `--${name} is a time such as 2026-03-29 or 2026-03-29T12:00:00Z.`);
  return time;
}

async function* counted(
  input: AsyncIterable<Uint8Array>,
  onBytes: (count: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of input) {
    onBytes(chunk.length);
    yield chunk;
  }
}
