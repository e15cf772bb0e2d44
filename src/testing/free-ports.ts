import { createServer } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections (from 32768 on), so that nothing but another
 * listener can be in the way between looking and listening.
 */
const FIRST = 12_000;
const COUNT = 18_000;

/** Different ports of loopback on which nobody listened a moment ago; for processes that must be told theirs. */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (!found.includes(port) && (await isFree(port))) found.push(port);
  }
  return found;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
