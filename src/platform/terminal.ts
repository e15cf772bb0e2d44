import { forTerminal } from '../core/plain-text.ts';
import type { Terminal } from './cli.ts';
import type { Progress } from './control-frames.ts';

/** At most ten lines of progress a second. */
const PROGRESS_MS = 100;

/** The process's own terminal: output on standard output, everything for the person on standard error. */
export function processTerminal(): Terminal {
  const isInteractive = process.stderr.isTTY === true;
  let shownAt = 0;
  let isLineOpen = false;
  const closeLine = () => {
    if (isLineOpen) process.stderr.write('\r\x1b[K');
    isLineOpen = false;
  };
  // `ampra export | head`: whoever read has seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    isInteractive,
    env: process.env,
    cwd: process.cwd(),
    // Opened when it is read: a command that asks on the terminal reads it in another way.
    get input() {
      return Bun.stdin.stream();
    },
    askHidden: process.stdin.isTTY && isInteractive ? (question) => askHidden(question) : null,
    out: (text) =>
      new Promise((resolve, reject) => {
        closeLine();
        process.stdout.write(text, (error) => (error ? reject(error) : resolve()));
      }),
    error: (text) => {
      closeLine();
      process.stderr.write(`${forTerminal(text)}\n`);
    },
    progress: (progress) => {
      const now = performance.now();
      if (!isInteractive || now - shownAt < PROGRESS_MS) return;
      shownAt = now;
      isLineOpen = true;
      process.stderr.write(`\r\x1b[K${progressLine(progress)}`);
    },
  };
}

/** Reads a line from the terminal with echo off. Control+C ends the process, as it does without us. */
function askHidden(question: string): Promise<string> {
  const { stdin, stderr } = process;
  // First no echo, then the question: who answers at once is not shown either.
  stdin.setRawMode(true);
  stderr.write(`${question} `);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise((resolve) => {
    let typed = '';
    const finish = () => {
      stdin.off('data', read);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
    };
    const read = (text: string) => {
      for (const key of text) {
        if (key === '\u0003') {
          finish();
          process.exit(130);
        }
        if (key === '\r' || key === '\n' || key === '\u0004') {
          finish();
          return resolve(typed);
        }
        if (key === '\u007f' || key === '\b') typed = [...typed].slice(0, -1).join('');
        else if (key === '\u0015') typed = '';
        else if (key >= ' ') typed += key;
      }
    };
    stdin.on('data', read);
  });
}

/** `Importing: 12,000 of 50,000 (24 %)`. */
export function progressLine({ text, done, total }: Progress): string {
  const number = (n: number) => n.toLocaleString('en-GB', { maximumFractionDigits: 0 });
  if (!total) return `${text}: ${number(done)}`;
  return `${text}: ${number(done)} of ${number(total)} (${Math.floor((100 * done) / total)} %)`;
}
