import { chmodSync, closeSync, constants, existsSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AmpraError, type Refusal } from '../core/result.ts';
import { decodeFrames, encodeFrame, type Frame, LONGEST_FRAME } from './control-frames.ts';
import type { Operation, OperationArguments, OperationIo } from './operation.ts';

const NAME = 'control.sock';

/**
 * The local socket through which commands reach the running appliance. It lies in the data directory (mode 0700) and is
 * itself 0600: who may open it may read the databases anyway.
 */
export class ControlSocket {
  private server: Bun.Server<undefined> | null = null;
  private folder: number | null = null;

  constructor(private readonly options: { dataDir: string; find(name: string): Operation | undefined }) {}

  start(): void {
    const socket = join(this.options.dataDir, NAME);
    // The data directory's lock is ours, so a socket that lies there is a dead one.
    rmSync(socket, { force: true });
    this.folder = openFolder(this.options.dataDir);
    // Importing years of history may be silent for long. The types know this setting for TCP only; it works for both.
    const neverIdle: object = { idleTimeout: 0 };
    this.server = Bun.serve({
      unix: shortPath(this.folder),
      ...neverIdle,
      development: false,
      maxRequestBodySize: Number.MAX_SAFE_INTEGER,
      fetch: (request) => this.answer(request),
    });
    chmodSync(socket, 0o600);
  }

  async stop(): Promise<void> {
    await this.server?.stop(true);
    this.server = null;
    if (this.folder !== null) closeSync(this.folder);
    this.folder = null;
    rmSync(join(this.options.dataDir, NAME), { force: true });
  }

  private answer(request: Request): Response {
    const { name, args } = readCall(request);
    const operation = this.options.find(name);
    const frames = new TransformStream<Uint8Array, Uint8Array>(undefined, undefined, { highWaterMark: 16 });
    const writer = frames.writable.getWriter();
    const send = (frame: Frame) => writer.write(encodeFrame(frame));
    const end = async (refusal: Refusal | null) => {
      await send({ kind: 'end', refusal });
      await writer.close();
    };
    const run = operation
      ? operation(args, remoteIo(request, send)).then(() => null, asRefusal)
      : Promise.resolve<Refusal>({ code: 'not_found', message: `The running Ampra does not know "${name}".` });
    // A caller that went away closes the stream; there is nobody left to tell.
    run.then(end).catch(() => undefined);
    return new Response(frames.readable);
  }
}

/** What is asked for; a call that cannot be read asks for nothing that is known. */
function readCall(request: Request): { name: string; args: OperationArguments } {
  try {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    const args: unknown = JSON.parse(decodeURIComponent(request.headers.get('x-ampra-arguments') ?? '{}'));
    if (typeof args === 'object' && args !== null) return { name, args: args as OperationArguments };
  } catch {
    // Not written by `callRunning`.
  }
  return { name: '', args: {} };
}

function remoteIo(request: Request, send: (frame: Frame) => Promise<void>): OperationIo {
  return {
    input: request.body ?? noInput(),
    write: async (output) => {
      const bytes = typeof output === 'string' ? new TextEncoder().encode(output) : output;
      for (let at = 0; at < bytes.length; at += LONGEST_FRAME)
        await send({ kind: 'out', bytes: bytes.subarray(at, at + LONGEST_FRAME) });
    },
    note: (text) => void send({ kind: 'note', text }).catch(() => undefined),
    progress: (progress) => void send({ kind: 'progress', progress }).catch(() => undefined),
  };
}

/** Runs an operation in the appliance that uses `dataDir`. Null when none answers there. */
export async function callRunning(
  dataDir: string,
  call: { name: string; args: OperationArguments; io: OperationIo; hasInput: boolean },
): Promise<'done' | null> {
  if (!existsSync(join(dataDir, NAME))) return null;
  const folder = openFolder(dataDir);
  try {
    const answer = await fetch(`http://ampra/${encodeURIComponent(call.name)}`, {
      unix: shortPath(folder),
      method: 'POST',
      headers: { 'x-ampra-arguments': encodeURIComponent(JSON.stringify(call.args)) },
      ...(call.hasInput ? { body: asStream(call.io.input) } : {}),
      timeout: false,
    } as RequestInit).catch(() => null);
    if (!answer?.body) return null;
    await relay(answer.body, call.io);
    return 'done';
  } finally {
    closeSync(folder);
  }
}

async function relay(body: ReadableStream<Uint8Array>, io: OperationIo): Promise<void> {
  for await (const frame of decodeFrames(body)) {
    if (frame.kind === 'out') await io.write(frame.bytes);
    else if (frame.kind === 'note') io.note(frame.text);
    else if (frame.kind === 'progress') io.progress(frame.progress);
    else if (frame.refusal) throw new AmpraError(frame.refusal);
    else return;
  }
  throw new AmpraError({ code: 'unavailable', message: 'The running Ampra ended before it was done.' });
}

/** Any failure as something that can be told to a person. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof AmpraError) return error.refusal;
  return { code: 'unavailable', message: error instanceof Error ? error.message : String(error) };
}

async function* noInput(): AsyncGenerator<Uint8Array> {}

function asStream(input: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = input[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
  });
}

/**
 * The kernel takes at most 107 bytes as a socket's path, and a data directory may lie deeper: the path through the open
 * folder's descriptor is always short.
 */
function shortPath(folder: number): string {
  return `/proc/self/fd/${folder}/${NAME}`;
}

function openFolder(path: string): number {
  return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
}
