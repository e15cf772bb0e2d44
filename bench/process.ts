import { readFileSync } from 'node:fs';

/** What the kernel says of a process. */
export interface ProcessUse {
  /** User and system time, s. */
  cpuSeconds: number;
  /** Bytes that the process caused to be written to storage (pages made dirty). */
  writtenBytes: number;
  residentBytes: number;
}

const TICKS_PER_SECOND = 100;

export function processUse(pid: number): ProcessUse {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const io = readFileSync(`/proc/${pid}/io`, 'utf8');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuSeconds: ticks / TICKS_PER_SECOND,
    writtenBytes: Number(/write_bytes: (\d+)/.exec(io)?.[1] ?? Number.NaN),
    residentBytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024,
  };
}

/** A process that prints `ready` (and perhaps more on that line) when it may be used. */
export async function startProcess(
  command: string[],
  options: { env?: Record<string, string>; cwd?: string; ready?: string } = {},
): Promise<{ pid: number; line: string; stop: (signal?: NodeJS.Signals) => Promise<void> }> {
  const child = Bun.spawn(command, {
    env: { ...process.env, ...options.env },
    ...(options.cwd && { cwd: options.cwd }),
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const stop = async (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal);
    await child.exited;
  };
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`${command.join(' ')} ended before it was ready: ${text}`);
    text += decoder.decode(value);
    const line = text.split('\n').find((l) => l.startsWith(options.ready ?? 'ready'));
    if (line !== undefined && text.includes(`${line}\n`)) {
      void drain(reader);
      return { pid: child.pid, line, stop };
    }
  }
}

async function drain(reader: { read(): Promise<{ done: boolean }> }): Promise<void> {
  while (!(await reader.read().catch(() => ({ done: true }))).done);
}

/** The most memory that a process has had resident since it began [bytes]. */
export const peakBytes = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
