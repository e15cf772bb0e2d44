import type { Progress } from '../core/progress.ts';
import type { Refusal } from '../core/result.ts';

/**
 * What the running appliance sends back over its local socket: frames of one byte of kind, four of length (big endian)
 * and that many bytes, so that output, remarks, progress and the outcome share one stream.
 */
export type Frame =
  | { kind: 'out'; bytes: Uint8Array }
  | { kind: 'note'; text: string }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'end'; refusal: Refusal | null };

export type { Progress };

const kinds = ['out', 'note', 'progress', 'end'] as const;
const HEADER = 5;
/** No frame is longer; output is cut into pieces of this size. */
export const LONGEST_FRAME = 1 << 20;

export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const body =
    frame.kind === 'out'
      ? frame.bytes
      : new TextEncoder().encode(
          JSON.stringify(
            frame.kind === 'note' ? frame.text : frame.kind === 'progress' ? frame.progress : frame.refusal,
          ),
        );
  const bytes = new Uint8Array(HEADER + body.length);
  bytes[0] = kinds.indexOf(frame.kind);
  new DataView(bytes.buffer).setUint32(1, body.length);
  bytes.set(body, HEADER);
  return bytes;
}

/** Reads frames from a stream of bytes; throws when it is not one. */
export async function* decodeFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let rest: Uint8Array = new Uint8Array();
  for await (const chunk of stream) {
    rest = rest.length === 0 ? chunk : concat(rest, chunk);
    while (rest.length >= HEADER) {
      const length = new DataView(rest.buffer, rest.byteOffset).getUint32(1);
      if (length > LONGEST_FRAME) throw new Error('the answer of the running Ampra is not understood');
      if (rest.length < HEADER + length) break;
      yield decodeFrame(rest[0] ?? 255, rest.subarray(HEADER, HEADER + length));
      rest = rest.subarray(HEADER + length);
    }
  }
}

function decodeFrame(kind: number, body: Uint8Array): Frame {
  const name = kinds[kind];
  if (name === 'out') return { kind: name, bytes: body.slice() };
  const value = JSON.parse(new TextDecoder().decode(body));
  if (name === 'note') return { kind: name, text: String(value) };
  if (name === 'progress') return { kind: name, progress: value as Progress };
  if (name === 'end') return { kind: name, refusal: value as Refusal | null };
  throw new Error('the answer of the running Ampra is not understood');
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
