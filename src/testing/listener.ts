import { DialectMemory } from '../ingest/dialect-memory.ts';
import { interpretMessage } from '../ingest/dialects.ts';

/** Listens to one source's messages, and tells the values that each gives. */
export function listener(isDark?: (at: number) => boolean) {
  const memory = new DialectMemory();
  const say = (topic: string, value: unknown, at: number): Record<string, unknown> => {
    const payload = new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
    const message = { topic, payload, receivedAt: at, isRetained: false };
    const context = { timeZone: 'UTC', memory, ...(isDark && { isDark }) };
    return { ...interpretMessage(message, context)?.interpretation.readings[0]?.values };
  };
  return { say };
}
