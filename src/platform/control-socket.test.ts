import { afterEach, expect, test } from 'bun:test';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AmpraError } from '../core/result.ts';
import { tempDir } from '../testing/app.ts';
import { ControlSocket, callRunning } from './control-socket.ts';
import type { Operation, OperationIo } from './operation.ts';

const dirs: string[] = [];
afterEach(() => {
  for (const dir of dirs.splice(0)) rmSync(dir, { recursive: true, force: true });
});

async function withSocket(operation: Operation, work: (dataDir: string) => Promise<void>, depth = 0): Promise<void> {
  const root = tempDir();
  dirs.push(root);
  const dataDir = join(root, ...Array<string>(depth).fill('a-folder-with-a-long-name'));
  mkdirSync(dataDir, { recursive: true });
  const socket = new ControlSocket({ dataDir, find: (name) => (name === 'try it' ? operation : undefined) });
  socket.start();
  try {
    await work(dataDir);
  } finally {
    await socket.stop();
  }
}

function recorder(input: Uint8Array[] = []) {
  const seen = { out: '', bytes: 0, notes: [] as string[], progress: [] as number[] };
  const io: OperationIo = {
    input: (async function* () {
      yield* input;
    })(),
    write: async (output) => {
      seen.bytes += output.length;
      seen.out += typeof output === 'string' ? output : new TextDecoder().decode(output);
    },
    note: (text) => void seen.notes.push(text),
    progress: (p) => void seen.progress.push(p.done),
  };
  return { seen, io };
}

test('an operation gets its arguments and input, and its output, remarks and progress come back in order', async () => {
  const operation: Operation = async (args, io) => {
    let size = 0;
    for await (const chunk of io.input) size += chunk.length;
    io.note(`hello ${args.name}`);
    io.progress({ text: 'half', done: 1, total: 2 });
    await io.write(`${size} bytes`);
  };
  await withSocket(operation, async (dataDir) => {
    const { seen, io } = recorder(Array.from({ length: 50 }, () => new Uint8Array(100_000)));
    await callRunning(dataDir, { name: 'try it', args: { name: 'Ada Łovelace ☀' }, io, hasInput: true });
    expect(seen).toEqual({ out: '5000000 bytes', bytes: 13, notes: ['hello Ada Łovelace ☀'], progress: [1] });
  });
});

test('large output arrives whole', async () => {
  const operation: Operation = async (_args, io) => {
    for (let i = 0; i < 20; i++) await io.write(new Uint8Array(1_500_000));
  };
  await withSocket(operation, async (dataDir) => {
    let bytes = 0;
    const write = async (output: string | Uint8Array) => {
      bytes += output.length;
    };
    const io = { ...recorder().io, write };
    await callRunning(dataDir, { name: 'try it', args: {}, io, hasInput: false });
    expect(bytes).toBe(30_000_000);
  });
});

test('a refusal comes back as one, with its field and hint', async () => {
  const refusal = { code: 'invalid' as const, message: 'No.', field: 'email', hint: 'Try another.' };
  const operation: Operation = async () => {
    throw new AmpraError(refusal);
  };
  await withSocket(operation, async (dataDir) => {
    const call = callRunning(dataDir, { name: 'try it', args: {}, io: recorder().io, hasInput: false });
    await expect(call).rejects.toMatchObject({ refusal });
    const unknown = callRunning(dataDir, { name: 'nothing', args: {}, io: recorder().io, hasInput: false });
    await expect(unknown).rejects.toThrow('does not know "nothing"');
  });
});

test('the socket is for its owner only, and a long path does not stop it', async () => {
  const operation: Operation = async (_args, io) => io.write('ok');
  await withSocket(
    operation,
    async (dataDir) => {
      expect(dataDir.length).toBeGreaterThan(200);
      expect(statSync(join(dataDir, 'control.sock')).mode & 0o777).toBe(0o600);
      const { seen, io } = recorder();
      await callRunning(dataDir, { name: 'try it', args: {}, io, hasInput: false });
      expect(seen.out).toBe('ok');
    },
    8,
  );
});

test('nobody answers where no appliance runs', async () => {
  const dir = tempDir();
  dirs.push(dir);
  expect(await callRunning(dir, { name: 'try it', args: {}, io: recorder().io, hasInput: false })).toBeNull();
});
