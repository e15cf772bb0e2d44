import { interpretMessage } from '../ingest/dialects.ts';
import { DialectMemory } from '../ingest/memory/dialect-memory.ts';

/** Listens to one source's messages, and tells the values that each gives. */
export function listener(isDark?: (at: number) => boolean) {
  const memory = new DialectMemory();
  const interpret = (topic: string, value: unknown, at: number) => {
    const payload = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
    const message = { topic, payload, receivedAt: at, isRetained: false };
    return interpretMessage(message, { timeZone: 'UTC', memory, ...(isDark && { isDark }) });
  };
  return {
    say: (topic: string, value: unknown, at: number): Record<string, unknown> => ({
      ...interpret(topic, value, at)?.interpretation.readings[0]?.values,
    }),
    /** Whose a message is; null where nobody knows it. */
    dialectOf: (topic: string, value: unknown, at: number) => interpret(topic, value, at)?.dialect ?? null,
  };
}
