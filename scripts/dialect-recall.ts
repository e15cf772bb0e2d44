import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { DialectContext } from '../src/ingest/dialect.ts';
import { DialectMemory } from '../src/ingest/dialect-memory.ts';
import { interpretMessage } from '../src/ingest/dialects.ts';
import { sourceRoles } from '../src/sources/source.ts';

/**
 * `bun scripts/dialect-recall.ts FILE.jsonl`: how much of recorded traffic arrives in its place in the catalogue. Each
 * line is one message in the order in which it was heard: `topic`, `payload`, `device` (or `group`: what one source
 * sends), `expect` (metric to value, in the catalogue's unit and sign, written from the device's documentation),
 * `optional` (metric to values that are right too, but not asked for), perhaps `role` and `timeZone`. A part that a sum
 * took in counts where the sum keeps it (`gridPower:L2`). Exit code 1 when something arrived in a wrong place.
 */
const Line = z.object({
  device: z.string().optional(),
  group: z.string().optional(),
  topic: z.string(),
  payload: z.string(),
  role: z.enum(sourceRoles).optional(),
  timeZone: z.string().default('Europe/Berlin'),
  expect: z.record(z.string(), z.number()).default({}),
  optional: z.record(z.string(), z.array(z.number())).default({}),
});
type Line = z.infer<typeof Line>;

interface Tally {
  expected: number;
  found: number;
  missed: string[];
  wrong: string[];
}

const isClose = (a: unknown, b: number) => typeof a === 'number' && Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));

/** What arrived of a metric: the quantity itself, and the parts that are kept beside it. */
function arrived(metric: string, values: Record<string, unknown>, metadata: Record<string, unknown>): unknown[] {
  const parts = Object.entries(metadata).filter(([name]) => name.startsWith(`${metric}:`));
  return [values[metric], ...parts.map(([, value]) => value)].filter((value) => value !== undefined);
}

function weigh(line: Line, context: DialectContext, tally: Tally): void {
  const payload = new TextEncoder().encode(line.payload);
  const message = { topic: line.topic, payload, receivedAt: Date.now(), isRetained: false };
  const found = interpretMessage(message, context);
  const reading = found?.interpretation.readings[0];
  const values: Record<string, unknown> = { ...reading?.values };
  const metadata = reading?.metadata ?? {};
  const where = `${line.topic}  ${line.payload.slice(0, 90)}  (${found?.dialect ?? 'nobody'})`;
  for (const [metric, value] of Object.entries(line.expect)) {
    tally.expected++;
    if (arrived(metric, values, metadata).some((got) => isClose(got, value))) tally.found++;
    else tally.missed.push(`${metric} ${value}  in  ${where}`);
  }
  for (const [metric, value] of Object.entries(values)) {
    if (typeof value !== 'number') continue;
    const right = [line.expect[metric] ?? [], line.optional[metric] ?? []].flat();
    const isRight = arrived(metric, values, metadata).some((got) => right.some((one) => isClose(got, one)));
    if (!isRight) tally.wrong.push(`${metric} ${value}, not ${right.join(' or ') || 'anything'}  in  ${where}`);
  }
}

const file = process.argv[2];
if (file === undefined) throw new Error('Name a file of messages: bun scripts/dialect-recall.ts FILE.jsonl');
const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
const contexts = new Map<string, DialectContext>();
const tally: Tally = { expected: 0, found: 0, missed: [], wrong: [] };
for (const text of lines) {
  const line = Line.parse(JSON.parse(text));
  const device = line.group ?? line.device ?? '';
  const { timeZone, role } = line;
  const context = contexts.get(device) ?? { timeZone, ...(role && { role }), memory: new DialectMemory() };
  contexts.set(device, context);
  weigh(line, context, tally);
}
const share = tally.expected === 0 ? 100 : (100 * tally.found) / tally.expected;
for (const miss of tally.missed) console.log(`missed  ${miss}`);
for (const wrong of tally.wrong) console.log(`WRONG   ${wrong}`);
console.log(
  `${lines.length} messages of ${contexts.size} devices: ${tally.found} of ${tally.expected} values arrived ` +
    `(${share.toFixed(1)} %), ${tally.wrong.length} in a wrong place`,
);
if (tally.wrong.length > 0) process.exit(1);
