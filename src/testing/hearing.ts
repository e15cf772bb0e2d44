import { interpretMessage } from '../ingest/dialects.ts';
import { DialectMemory } from '../ingest/memory/dialect-memory.ts';
import type { SourceRole } from '../sources/source.ts';

/** A source that remembers nothing yet: gives what the first reading of each message holds that it is told, `{}` for none. */
export function hearing(role?: SourceRole): (topic: string, payload: unknown) => Record<string, unknown> {
  const context = { timeZone: 'UTC', memory: new DialectMemory(), ...(role && { role }) };
  return (topic, payload) => {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const receivedAt = Date.UTC(2026, 5, 1);
    const message = { topic, payload: new TextEncoder().encode(text), receivedAt, isRetained: false };
    return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
  };
}
