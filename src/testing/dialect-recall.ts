import { z } from 'zod';
import { minutes } from '../core/durations.ts';
import type { DialectContext } from '../ingest/dialect.ts';
import { interpretMessage } from '../ingest/dialects.ts';
import { DialectMemory } from '../ingest/memory/dialect-memory.ts';
import { sourceRoles } from '../sources/source.ts';

/**
 * How much of what devices say arrives in its place in the catalogue. A line of a file is one message, in the order in
 * which they were heard: `device` (what one source sends), `origin`, `topic`, `payload`; `expect`: metric to value in the
 * catalogue's unit and sign, written from the device's documentation (several where the device says it more than once);
 * `optional`: what is right too, but not asked for; perhaps `role` and `timeZone`. A part that went into a sum counts
 * where the sum keeps it (`gridPower:L2`).
 */
const AnyOf = z.union([z.number(), z.array(z.number())]);
const Line = z.object({
  device: z.string(),
  origin: z.string(),
  topic: z.string(),
  payload: z.string(),
  role: z.enum(sourceRoles).optional(),
  timeZone: z.string().default('Europe/Berlin'),
  expect: z.record(z.string(), AnyOf).default({}),
  optional: z.record(z.string(), AnyOf).default({}),
});
type Line = z.infer<typeof Line>;

export interface DeviceRecall {
  expected: number;
  found: number;
  missed: string[];
  wrong: string[];
}

const isClose = (a: unknown, b: number) => typeof a === 'number' && Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b));
const listOf = (value: number | number[] | undefined): number[] => (value === undefined ? [] : [value].flat());

/** What each device's messages (lines of JSON) gave, by device in the order of the file. */
export function recallOf(text: string): Map<string, DeviceRecall> {
  const contexts = new Map<string, DialectContext>();
  const recalls = new Map<string, DeviceRecall>();
  for (const json of text.split('\n').filter(Boolean)) {
    const line = Line.parse(JSON.parse(json));
    const { device, timeZone, role } = line;
    const context = contexts.get(device) ?? { timeZone, ...(role && { role }), memory: new DialectMemory() };
    const recall = recalls.get(device) ?? { expected: 0, found: 0, missed: [], wrong: [] };
    contexts.set(device, context);
    recalls.set(device, recall);
    weigh(line, context, recall);
  }
  return recalls;
}

/** When a device says everything again: soon, and after what has to be waited for. */
const AGAIN_MIN = [0, 1, 20, 40];

/**
 * What is in a wrong place when devices say all of it again and again, knowing by then what stands beside; there a value may be any
 * that is right of the device: a half of zero gives what the other half said.
 */
export function wrongAgain(text: string): string[] {
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((json) => Line.parse(JSON.parse(json)));
  return [...Map.groupBy(lines, ({ device }) => device).values()].flatMap((own) => {
    const right = rightOf(own);
    const { timeZone = '', role } = own[0] ?? {};
    const context = { timeZone, ...(role && { role }), memory: new DialectMemory() };
    const start = Date.now() - minutes(Math.max(...AGAIN_MIN));
    return AGAIN_MIN.flatMap((min) =>
      own.flatMap((line) => {
        const recall = { expected: 0, found: 0, missed: [], wrong: [] };
        weigh({ ...line, expect: {}, optional: right }, context, recall, start + minutes(min));
        // What is said first is measured by `recallOf`.
        return min === 0 ? [] : recall.wrong;
      }),
    );
  });
}

/** All that is right of a device, by metric. */
function rightOf(lines: readonly Line[]): Record<string, number[]> {
  const right: Record<string, number[]> = {};
  for (const [metric, value] of lines.flatMap(({ expect, optional }) => [
    ...Object.entries(expect),
    ...Object.entries(optional),
  ]))
    right[metric] = [...(right[metric] ?? []), ...listOf(value)];
  return right;
}

function weigh(line: Line, context: DialectContext, recall: DeviceRecall, receivedAt = Date.now()): void {
  const message = { topic: line.topic, payload: new TextEncoder().encode(line.payload), isRetained: false };
  const found = interpretMessage({ ...message, receivedAt }, context);
  const reading = found?.interpretation.readings[0];
  const values: Record<string, unknown> = { ...reading?.values };
  const metadata = reading?.metadata ?? {};
  const where = `${line.topic}  ${line.payload.slice(0, 60)}  (${found?.dialect ?? 'nobody'})`;
  for (const [metric, right] of Object.entries(line.expect)) {
    recall.expected++;
    if (isRight(arrived(metric, values, metadata), listOf(right))) recall.found++;
    else recall.missed.push(`${metric} ${right}  in  ${where}`);
  }
  for (const [metric, value] of Object.entries(values)) {
    if (typeof value !== 'number') continue;
    const right = [...listOf(line.expect[metric]), ...listOf(line.optional[metric])];
    if (isRight(arrived(metric, values, metadata), right)) continue;
    recall.wrong.push(`${metric} ${value}, not ${right.join(' or ') || 'anything'}  in  ${where}`);
  }
}

/** What arrived of a metric: the quantity itself, and the parts that are kept beside it. */
function arrived(metric: string, values: Record<string, unknown>, metadata: Record<string, unknown>): unknown[] {
  const parts = Object.entries(metadata).filter(([name]) => name.startsWith(`${metric}:`));
  return [values[metric], ...parts.map(([, value]) => value)].filter((value) => value !== undefined);
}

const isRight = (got: readonly unknown[], right: readonly number[]) =>
  got.some((value) => right.some((one) => isClose(value, one)));
