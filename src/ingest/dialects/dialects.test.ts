import { describe, expect, test } from 'bun:test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { findMetric } from '../../core/metrics.ts';
import type { SourceRole } from '../../sources/source.ts';
import { hostileJson, hostileText, runsOf } from '../../testing/hostile.ts';
import type { DialectContext, IncomingMessage } from '../dialect.ts';
import { dialects, interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { MessageView } from '../payload/message-view.ts';
import { deviceDialects } from './index.ts';

/** Messages of one device in order, with what is to be read out of each. */
interface Recording {
  /** Where the messages come from; `written from the documentation` where nobody recorded any. */
  origin: string;
  role?: SourceRole;
  timeZone?: string;
  messages: {
    topic: string;
    payload: string;
    values: Record<string, unknown>;
    metadata?: Record<string, unknown>;
    time?: string;
    rejected?: string[];
    /** Whose it is, where not this dialect's; null for nobody's. */
    dialect?: string | null;
  }[];
}

/** Machines that do much beside take their time. */
const SLOW_MS = 60_000;
const AT = Date.UTC(2026, 5, 21, 10);
const message = (topic: string, payload: string | Uint8Array): IncomingMessage => ({
  topic,
  payload: typeof payload === 'string' ? new TextEncoder().encode(payload) : payload,
  receivedAt: AT,
  isRetained: false,
});
const recordingsOf = (name: string): Recording[] =>
  JSON.parse(readFileSync(join(import.meta.dir, `${name}.fixture.json`), 'utf8'));
const contextOf = (recording: Recording): DialectContext => ({
  timeZone: recording.timeZone ?? 'UTC',
  ...(recording.role && { role: recording.role }),
  memory: new DialectMemory(),
});

test('every dialect has a fixture of its name', () => {
  const fixtures = readdirSync(import.meta.dir).filter((file) => file.endsWith('.fixture.json'));
  expect(fixtures.sort()).toEqual(deviceDialects.map((d) => `${d.name}.fixture.json`).sort());
});

describe.each(deviceDialects.map((d) => d.name))('%s', (name) => {
  for (const recording of recordingsOf(name)) {
    test(`is read as expected: ${recording.origin}`, () => {
      const context = contextOf(recording);
      for (const m of recording.messages) {
        const found = interpretMessage(message(m.topic, m.payload), context);
        const reading = found?.interpretation.readings[0];
        expect([m.topic, found?.dialect ?? null]).toEqual([m.topic, m.dialect === undefined ? name : m.dialect]);
        expect([m.topic, reading?.values ?? {}]).toEqual([m.topic, m.values]);
        expect([m.topic, reading?.metadata]).toEqual([m.topic, m.metadata]);
        const time = reading?.time == null ? undefined : new Date(reading.time).toISOString();
        expect([m.topic, time]).toEqual([m.topic, m.time]);
        expect(found?.interpretation.rejected.map((r) => r.field) ?? []).toEqual(m.rejected ?? []);
      }
    });
  }
});

const everything = deviceDialects.flatMap((dialect) =>
  recordingsOf(dialect.name).flatMap((recording) => recording.messages.map((m) => ({ ...m, recording, dialect }))),
);
const roles: SourceRole[] = ['system', 'solar', 'load', 'grid', 'battery', 'generator'];
const oddNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(Number.NaN, Infinity, -Infinity, -0, 2147483647, 65535, 1e308, -1),
  fc.integer(),
);
const oddText = fc.oneof(
  fc.string(),
  fc.constantFrom('nan', 'unavailable', '', ' 12 ', '1e999', '0x10', '12,5', 'null'),
);
const anyPayload = fc.oneof(
  fc.uint8Array({ maxLength: 64 }),
  fc.json().map((json) => new TextEncoder().encode(json)),
  oddNumber.map((n) => new TextEncoder().encode(String(n))),
  oddText.map((text) => new TextEncoder().encode(text)),
  hostileText.map((text) => new TextEncoder().encode(text)),
  hostileJson.map((json) => new TextEncoder().encode(JSON.stringify(json) ?? '')),
);

function expectSound(found: ReturnType<typeof interpretMessage>): void {
  for (const { values, time } of found?.interpretation.readings ?? []) {
    if (time !== null) expect(Number.isFinite(time)).toBe(true);
    for (const [name, value] of Object.entries(values)) {
      const metric = findMetric(name);
      expect(metric?.name).toBe(name as never);
      if (metric?.kind === 'list') expect(Array.isArray(value)).toBe(true);
      else if (metric?.kind === 'text') expect(typeof value).toBe('string');
      else {
        expect(Number.isFinite(value)).toBe(true);
        expect(value as number).toBeGreaterThanOrEqual(metric?.min ?? Number.NEGATIVE_INFINITY);
        expect(value as number).toBeLessThanOrEqual(metric?.max ?? Number.POSITIVE_INFINITY);
      }
    }
  }
}

describe('whatever a device writes', () => {
  test(
    'any payload on any known topic never throws, and gives nothing outside of the catalogue',
    () => {
      const one = fc.record({ at: fc.nat(everything.length - 1), payload: anyPayload });
      fc.assert(
        fc.property(fc.array(one, { maxLength: 20 }), fc.constantFrom(...roles), (messages, role) => {
          const context = { timeZone: 'Europe/Berlin', role, memory: new DialectMemory() };
          for (const { at, payload } of messages)
            expectSound(interpretMessage(message(everything[at]?.topic ?? '', payload), context));
        }),
        runsOf('payloads on known topics', 400),
      );
    },
    SLOW_MS,
  );

  test('names and topics of a length that no device writes hold nobody up', () => {
    const context = { timeZone: 'UTC', role: 'grid' as const, memory: new DialectMemory() };
    const began = performance.now();
    for (const sign of ['x', 'A', 'a1', 'power_', ' ']) {
      const long = sign.repeat(60_000 / sign.length);
      const names = Array.from({ length: 300 }, (_, i) => [sign.repeat(90 / sign.length) + i, i]);
      const objects = [{ [long]: 12, pv_power: 3 }, Object.fromEntries(names), [{ name: long, value: 3, unit: 'W' }]];
      for (const object of objects)
        expectSound(interpretMessage(message('energy/meter', JSON.stringify(object)), context));
      for (const topic of [`energy/${long}/power`, `homeassistant/sensor/${long}/state`])
        expectSound(interpretMessage(message(topic, '12'), context));
    }
    // One such name alone had taken half a minute.
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  test(
    'recorded messages in any order, with fields left out or spoilt, neither',
    () => {
      const change = fc.record({
        at: fc.nat(everything.length - 1),
        seed: fc.nat(),
        odd: fc.oneof(oddNumber, oddText),
      });
      fc.assert(
        fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
          const context = { timeZone: 'America/St_Johns', memory: new DialectMemory() };
          for (const { at, seed, odd } of changes) {
            const { topic = '', payload = '' } = everything[at] ?? {};
            expectSound(interpretMessage(message(topic, spoilt(payload, seed, odd)), context));
          }
        }),
        runsOf('recorded messages, spoilt', 400),
      );
    },
    SLOW_MS,
  );

  test(
    'any topic and payload at all, neither; and every dialect can be asked about it',
    () => {
      const segment = fc.oneof(
        fc.string({ maxLength: 8 }),
        hostileText.map((text) => text.slice(0, 60)),
        fc.constantFrom('N', 'state', 'SENSOR', 'tele', 'site', 'value', 'status', 'ch0', '__proto__', 'constructor'),
      );
      fc.assert(
        fc.property(fc.array(segment, { maxLength: 6 }), anyPayload, (segments, payload) => {
          const view = new MessageView(message(segments.join('/'), payload));
          const context = { timeZone: 'UTC', memory: new DialectMemory() };
          for (const dialect of dialects) {
            const recognition = dialect.recognise(view, context);
            if (recognition === null) continue;
            expect(recognition.sureness).toBeGreaterThan(0);
            expect(recognition.sureness).toBeLessThanOrEqual(1);
            expect(recognition.reason.length).toBeGreaterThan(5);
          }
          expectSound(interpretMessage(view, context));
          for (const dialect of deviceDialects) dialect.interpret(view, context);
        }),
        runsOf('topics and payloads', 1500),
      );
    },
    SLOW_MS,
  );

  test(
    'another number in the same place has the same unit and sign',
    () => {
      const scalars = everything.filter((m) => /^-?\d+(\.\d+)?$/.test(m.payload) && Number(m.payload) !== 0);
      const alone = (m: (typeof everything)[number], payload: string) =>
        interpretMessage(message(m.topic, payload), { ...contextOf(m.recording), memory: new DialectMemory() })
          ?.interpretation.readings[0]?.values ?? {};
      fc.assert(
        fc.property(fc.nat(scalars.length - 1), fc.double({ min: 1, max: 90, noNaN: true }), (at, number) => {
          const m = scalars[at];
          if (!m) return;
          // Of the same sign: what cannot be negative is nothing on the other side of zero.
          const text = String((Math.sign(Number(m.payload)) * Math.round(number * 100)) / 100);
          const before = alone(m, m.payload);
          for (const [name, value] of Object.entries(alone(m, text))) {
            const was = (before as Record<string, unknown>)[name];
            if (typeof value !== 'number' || typeof was !== 'number') continue;
            expect(value).toBeCloseTo((Number(text) * was) / Number(m.payload), 6);
          }
        }),
        runsOf('other numbers in the same place', 800),
      );
    },
    SLOW_MS,
  );

  test('what is no device of ours is nobody’s', () => {
    const context = { timeZone: 'UTC', memory: new DialectMemory() };
    const foreign: [string, string][] = [
      ['gwo/7/9/1/0/17', ' 0'],
      ['home/kitchen/temperature', '21.5'],
      ['frigate/stats', '{"cpu":12,"power":"low"}'],
      ['heating/pump/power', '35'],
    ];
    for (const [topic, payload] of foreign) expect(interpretMessage(message(topic, payload), context)).toBeNull();
  });
});

/** The payload with one field left out, spoilt, or cut off. */
function spoilt(payload: string, seed: number, odd: unknown): string {
  if (!payload.startsWith('{')) return seed % 2 === 0 ? String(odd) : payload;
  if (seed % 5 === 0) return payload.slice(0, seed % payload.length);
  try {
    const json = JSON.parse(payload);
    let at = json;
    for (let depth = 0, s = seed; depth < 3; depth++, s = Math.floor(s / 7)) {
      const keys = Object.keys(at);
      const key = keys[s % Math.max(1, keys.length)];
      if (key === undefined) break;
      if (typeof at[key] === 'object' && at[key] !== null && s % 3 !== 0) at = at[key];
      else if (s % 2 === 0) delete at[key];
      else at[key] = odd;
    }
    return JSON.stringify(json);
  } catch {
    return payload;
  }
}
