import { afterEach, beforeEach, expect, test } from 'bun:test';
import { ConnectionsBench, until } from '../../testing/connections.ts';

let bench: ConnectionsBench;
beforeEach(async () => {
  bench = await new ConnectionsBench().start();
});
afterEach(() => bench.dispose());

/** Where nothing listens: a port that was free just now. */
function freePort(): number {
  const server = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => undefined } });
  const { port } = server;
  server.stop(true);
  return port;
}

test('where nothing listens a connection is broken at once, and tries less and less often', async () => {
  const { id } = await bench.connect(freePort(), { kind: 'solarAssistant' });
  const tries: number[] = [];
  const retryAt = () => {
    const state = bench.stateOf(id);
    return state.phase === 'broken' ? state.retryAt : null;
  };
  await until(() => {
    const at = retryAt();
    if (at !== null && at !== tries.at(-1)) tries.push(at);
    return tries.length >= 7;
  });
  const waits = tries.slice(1).map((at, i) => at - (tries[i] ?? 0));
  // Doubled from 40 ms on up to 400 ms, less a random part of up to a half.
  const first = waits.slice(0, 2).reduce((sum, ms) => sum + ms);
  const last = waits.slice(-2).reduce((sum, ms) => sum + ms);
  expect(last).toBeGreaterThan(first);
  expect(last).toBeGreaterThanOrEqual(400);
  const state = bench.stateOf(id);
  expect(state.phase === 'broken' && state.reason).toContain('nothing listens');
});
