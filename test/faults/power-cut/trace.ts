import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** What the process asked of the file system, with when it asked and when that was done [ms since 1970]. */
export type FileEvent = { at: number; done: number } & (
  | { kind: 'create'; path: string; isFolder: boolean; truncates: boolean }
  | { kind: 'write'; path: string; offset: number; bytes: Uint8Array }
  | { kind: 'truncate'; path: string; length: number }
  | { kind: 'copy'; from: string; fromOffset: number; path: string; offset: number; length: number }
  | { kind: 'sync'; path: string }
  | { kind: 'rename'; from: string; path: string }
  | { kind: 'link'; from: string; path: string }
  | { kind: 'remove'; path: string }
);

const calls = [
  ...['openat', 'open', 'creat', 'close', 'lseek', 'read', 'dup', 'dup2', 'dup3'],
  ...['write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'copy_file_range', 'sendfile'],
  ...['ftruncate', 'truncate', 'fallocate', 'fsync', 'fdatasync', 'sync_file_range', 'mmap'],
  ...[
    'rename',
    'renameat',
    'renameat2',
    'link',
    'linkat',
    'symlink',
    'unlink',
    'unlinkat',
    'rmdir',
    'mkdir',
    'mkdirat',
  ],
];

/** Puts `strace` in front of a command; it writes one file a thread, `<prefix>.<thread>`. The child stays its own process. */
export function traced(prefix: string, command: readonly string[]): string[] {
  const options = ['-D', '-ff', '-ttt', '-T', '-y', '-xx', '-s', '64000000', '--seccomp-bpf', '-e', `trace=${calls}`];
  return ['strace', ...options, '-o', prefix, ...command];
}

export const canTrace: boolean = Bun.which('strace') !== null && tryTrace();

function tryTrace(): boolean {
  return Bun.spawnSync(['strace', '-o', '/dev/null', 'true']).exitCode === 0;
}

/** Everything that a traced process did to the files under `folder`, in order. */
export function readTrace(logFolder: string, folder: string): FileEvent[] {
  const mark = hexOf(folder);
  const lines: Line[] = [];
  for (const name of readdirSync(logFolder)) {
    for (const text of readFileSync(join(logFolder, name), 'latin1').split('\n')) {
      const line = text.includes(mark) ? parseLine(text) : null;
      if (line) lines.push(line);
    }
  }
  lines.sort((a, b) => a.at - b.at);
  const reader = new TraceReader(folder);
  return lines.flatMap((line) => reader.read(line));
}

interface Line {
  at: number;
  done: number;
  call: string;
  args: string;
  result: number;
}

const lineRe = /^(\d+\.\d+) (\w+)\((.*)\)\s+= (-?\d+)\S*(?: [^<]*)?<([\d.]+)>$/s;

function parseLine(text: string): Line | null {
  const found = lineRe.exec(text);
  if (!found) return null; // Cut off by the end of the process: nobody was told that it was done.
  const at = Number(found[1]) * 1000;
  const [call = '', args = ''] = [found[2], found[3]];
  return { at, done: at + Number(found[5]) * 1000, call, args, result: Number(found[4]) };
}

/** A file as strace names an open one: `12<\x2f...>`, perhaps `(deleted)`. */
const fileRe = /^(\w+)<((?:\\x[0-9a-f]{2})*)>(\(deleted\))?/;
const textRe = /"((?:\\x[0-9a-f]{2})*)"/g;

/** Knows how far each open file was read or written, since `write` does not say where. */
class TraceReader {
  private readonly positions = new Map<string, { at: number; appends: boolean }>();
  private readonly sizes = new Map<string, number>();

  constructor(private readonly folder: string) {}

  read(line: Line): FileEvent[] {
    if (line.result < 0) return [];
    return this.events(line).filter((e) => this.isInside(e.path));
  }

  private isInside(path: string): boolean {
    return path === this.folder || path.startsWith(`${this.folder}/`);
  }

  private events(line: Line): FileEvent[] {
    const { at, done, call, args, result } = line;
    const time = { at, done };
    const open = fileRe.exec(args);
    const file = open?.[2] === undefined ? null : textOf(open[2]);
    if (open?.[3] && call !== 'close') return []; // Nobody will find it again.
    const rest = open ? args.slice(open[0].length + 2) : args;
    const paths = () => this.pathsIn(args);
    switch (call) {
      case 'openat':
      case 'open':
      case 'creat':
        return this.opened(line);
      case 'close':
        this.positions.delete(open?.[1] ?? '');
        return [];
      case 'lseek':
        this.move(open?.[1], result, 'to');
        return [];
      case 'read':
        this.move(open?.[1], result, 'by');
        return [];
      case 'write':
      case 'writev':
        return this.written(time, file ?? '', rest, result, this.place(open?.[1], file ?? '', result));
      case 'pwrite64':
      case 'pwritev':
      case 'pwritev2':
        return this.written(time, file ?? '', rest, result, offsetOf(call, rest));
      case 'ftruncate':
        this.sizes.set(file ?? '', Number(rest));
        return [{ ...time, kind: 'truncate', path: file ?? '', length: Number(rest) }];
      case 'fallocate': {
        const [, offset = 0, length = 0] = rest.split(', ').map(Number);
        const size = Math.max(this.sizes.get(file ?? '') ?? 0, offset + length);
        this.sizes.set(file ?? '', size);
        return [{ ...time, kind: 'truncate', path: file ?? '', length: size }];
      }
      case 'fsync':
      case 'fdatasync':
        return [{ ...time, kind: 'sync', path: file ?? '' }];
      case 'copy_file_range':
      case 'sendfile':
        return this.copied(time, call, args, result);
      case 'mkdir':
      case 'mkdirat':
        return [{ ...time, kind: 'create', path: paths()[0] ?? '', isFolder: true, truncates: false }];
      case 'rename':
      case 'renameat':
      case 'renameat2':
        return this.renamed(time, paths());
      case 'link':
      case 'linkat':
        return [{ ...time, kind: 'link', from: paths()[0] ?? '', path: paths()[1] ?? '' }];
      case 'unlink':
      case 'unlinkat':
      case 'rmdir':
        this.sizes.delete(paths()[0] ?? '');
        return [{ ...time, kind: 'remove', path: paths()[0] ?? '' }];
      case 'mmap':
        // SQLite's shared memory is made anew at each start; anything else would be writes that are not seen here.
        if (/PROT_WRITE.*MAP_SHARED/.test(args) && !/-shm/.test(textIn(args)) && this.isInside(textIn(args)))
          throw new Error(`a mapped file is written: ${textIn(args)}`);
        return [];
      case 'dup':
      case 'dup2':
      case 'dup3':
      case 'truncate':
      case 'symlink':
      case 'sync_file_range':
        throw new Error(`the power-cut harness does not know ${call} on a file of the data directory`);
      default:
        return [];
    }
  }

  private opened(line: Line): FileEvent[] {
    const { at, done, call, args, result } = line;
    const path = this.pathsIn(args)[0] ?? '';
    const truncates = call === 'creat' || args.includes('O_TRUNC');
    if (truncates) this.sizes.set(path, 0);
    this.positions.set(String(result), { at: 0, appends: args.includes('O_APPEND') });
    const mayCreate = call === 'creat' || args.includes('O_CREAT');
    if (!mayCreate && !truncates) return [];
    return [{ at, done, kind: 'create', path, isFolder: false, truncates }];
  }

  private renamed(time: { at: number; done: number }, [from = '', path = '']: string[]): FileEvent[] {
    const size = this.sizes.get(from);
    this.sizes.delete(from);
    if (size === undefined) this.sizes.delete(path);
    else this.sizes.set(path, size);
    return [{ ...time, kind: 'rename', from, path }];
  }

  private move(descriptor: string | undefined, amount: number, how: 'to' | 'by'): void {
    const position = this.positions.get(descriptor ?? '');
    if (position) position.at = how === 'to' ? amount : position.at + amount;
  }

  private place(descriptor: string | undefined, file: string, length: number): number {
    const position = this.positions.get(descriptor ?? '');
    if (!position) throw new Error(`nobody saw ${file} being opened`);
    const offset = position.appends ? (this.sizes.get(file) ?? 0) : position.at;
    position.at = offset + length;
    return offset;
  }

  private written(time: { at: number; done: number }, path: string, rest: string, count: number, offset: number) {
    const bytes = bytesIn(rest).subarray(0, count);
    this.sizes.set(path, Math.max(this.sizes.get(path) ?? 0, offset + count));
    return [{ ...time, kind: 'write' as const, path, offset, bytes }];
  }

  /** `copy_file_range(in, off_in, out, off_out, n, 0)` and `sendfile(out, in, off, n)`. */
  private copied(time: { at: number; done: number }, call: string, args: string, length: number): FileEvent[] {
    const files = [...args.matchAll(/(\d+)<((?:\\x[0-9a-f]{2})*)>/g)];
    const [source, target] = call === 'sendfile' ? [files[1], files[0]] : [files[0], files[1]];
    const [from, path] = [textOf(source?.[2] ?? ''), textOf(target?.[2] ?? '')];
    const fromOffset = this.place(source?.[1], from, length);
    const offset = this.place(target?.[1], path, length);
    this.sizes.set(path, Math.max(this.sizes.get(path) ?? 0, offset + length));
    return [{ ...time, kind: 'copy', from, fromOffset, path, offset, length }];
  }

  /** The paths among the arguments, relative ones from the folder that stands before them. */
  private pathsIn(args: string): string[] {
    const found: string[] = [];
    let base = '/';
    for (const match of args.matchAll(/\w+<((?:\\x[0-9a-f]{2})*)>|"((?:\\x[0-9a-f]{2})*)"/g)) {
      if (match[1] !== undefined) base = textOf(match[1]);
      else {
        const path = textOf(match[2] ?? '');
        found.push(isAbsolute(path) ? path : join(base, path));
      }
    }
    return found;
  }
}

function offsetOf(call: string, rest: string): number {
  const numbers = rest.split(', ');
  return Number(call === 'pwritev2' ? numbers.at(-2) : numbers.at(-1));
}

function bytesIn(text: string): Uint8Array {
  const parts = [...text.matchAll(textRe)].map((m) => fromHex(m[1] ?? ''));
  return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
}

const textIn = (text: string): string => textOf(/<((?:\\x[0-9a-f]{2})+)>/.exec(text)?.[1] ?? '');
const fromHex = (escaped: string): Uint8Array => Buffer.from(escaped.replaceAll('\\x', ''), 'hex');
const textOf = (escaped: string): string => new TextDecoder().decode(fromHex(escaped));
const hexOf = (text: string): string =>
  [...new TextEncoder().encode(text)].map((b) => `\\x${b.toString(16).padStart(2, '0')}`).join('');
