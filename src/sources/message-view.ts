import type { MessageOutcome } from './message-outcome.ts';

/** A raw message as a page shows it. */
export interface MessageView {
  /** ms UTC. */
  receivedAt: number;
  channel: 'mqtt' | 'webhook';
  topic: string;
  /** JSON set out in lines, other text as it is, anything else as hex; cut after `MAX_SHOWN` characters. */
  text: string;
  isCut: boolean;
  bytes: number;
  /** Why it was not understood. */
  problem: string | null;
  /** What of it was kept and what not; null when nobody could tell, or all was. */
  outcome: MessageOutcome | null;
}

const MAX_SHOWN = 2000;

/** Makes the payload readable without changing what it says. */
export function viewMessage(message: {
  receivedAt: number;
  channel: 'mqtt' | 'webhook';
  topic: string;
  payload: Uint8Array;
  problem?: string;
  outcome?: MessageOutcome;
}): MessageView {
  const text = readable(message.payload);
  return {
    receivedAt: message.receivedAt,
    channel: message.channel,
    topic: message.topic,
    text: text.slice(0, MAX_SHOWN),
    isCut: text.length > MAX_SHOWN,
    bytes: message.payload.length,
    problem: message.problem ?? null,
    outcome: message.outcome ?? null,
  };
}

function readable(payload: Uint8Array): string {
  const start = payload.subarray(0, MAX_SHOWN * 4);
  const text = decode(start, payload.length > start.length);
  if (text === null) return hex(payload.subarray(0, MAX_SHOWN));
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Null when it is not UTF-8, or holds control characters that no text has. */
function decode(bytes: Uint8Array, isCut: boolean): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isCut });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join(' ');
}
