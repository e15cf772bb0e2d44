import { afterEach, describe, expect, test } from 'bun:test';
import type { Viewer } from '../accounts/viewer.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { hours } from '../core/durations.ts';
import { EventHub } from './events.ts';
import type { Web } from './server.ts';
import { quietLog, testViewer, testWeb } from './testing.ts';

const open: { stop(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.stop();
});

/** The web app on a real socket, with one live page that shows how often it was rendered. */
function serve(
  options: {
    pageOf?: (n: number) => string;
    minIntervalMs?: number;
    viewers?: Record<string, Viewer>;
    clock?: Clock;
  } = {},
) {
  const web = testWeb(options.viewers ?? { ada: testViewer() }, { clock: options.clock ?? systemClock });
  const seen: (string[] | null)[] = [];
  web.routes.page('get', '/live/events', 'user', (c) =>
    web.routes.events.stream(c, {
      topics: ['readings', 'plan'],
      minIntervalMs: options.minIntervalMs ?? 1,
      render: (changed) => {
        seen.push(changed ? [...changed].sort() : null);
        return options.pageOf?.(seen.length) ?? `state ${seen.length}`;
      },
    }),
  );
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', idleTimeout: 0, fetch: (r) => web.fetch(r, '127.0.0.1') });
  open.push(web, { stop: () => void server.stop(true) });
  return { web, seen, url: `http://127.0.0.1:${server.port}/live/events` };
}

async function connect(url: string) {
  const controller = new AbortController();
  const response = await fetch(url, { headers: { 'X-Test-Viewer': 'ada' }, signal: controller.signal });
  open.push({ stop: () => controller.abort() });
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no body');
  let text = '';
  const decoder = new TextDecoder();
  const until = async (wanted: string) => {
    while (!text.includes(wanted)) {
      const { done, value } = await reader.read();
      if (done) return `${text}[ended]`;
      text += decoder.decode(value, { stream: true });
    }
    return text;
  };
  return { response, until, abort: () => controller.abort() };
}

async function settled(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await Bun.sleep(5);
  expect(condition()).toBe(true);
}

describe('a live page', () => {
  test('gets the whole state when it connects, then what changed', async () => {
    const { web, seen, url } = serve();
    const page = await connect(url);
    expect(page.response.headers.get('Content-Type')).toStartWith('text/event-stream');
    expect(await page.until('state 1')).toStartWith('retry: 2000\n');
    web.routes.events.publish('readings');
    await page.until('data: state 2\n\n');
    expect(seen).toEqual([null, ['readings']]);
  });

  test('ends at once when its viewer is signed out', async () => {
    const viewers: Record<string, Viewer> = { ada: testViewer() };
    const { web, url } = serve({ viewers });
    const page = await connect(url);
    await page.until('state 1');
    web.recheck('user-1');
    await Bun.sleep(20);
    web.routes.events.publish('readings');
    await page.until('state 2');
    delete viewers.ada;
    web.recheck('user-1');
    expect(await Promise.race([page.until('never'), Bun.sleep(3000)])).toEndWith('[ended]');
  });

  test('is told once of many changes that come together', async () => {
    const { web, seen, url } = serve({ minIntervalMs: 60 });
    const page = await connect(url);
    await page.until('state 1');
    for (let i = 0; i < 50; i++) web.routes.events.publish(i % 2 ? 'plan' : 'readings');
    await page.until('state 2');
    await Bun.sleep(150);
    expect(seen).toEqual([null, ['plan', 'readings']]);
  });

  test('goes on at its pace when the clock is set back', async () => {
    const clock = { offMs: 0, now: () => Date.now() + clock.offMs };
    const { web, url } = serve({ clock, minIntervalMs: 20 });
    const page = await connect(url);
    await page.until('state 1');
    clock.offMs = -hours(1);
    web.routes.events.publish('readings');
    await page.until('state 2');
    web.routes.events.publish('readings');
    expect(await page.until('state 3')).toContain('state 3');
  });

  test('with several lines arrives as one message', async () => {
    const { url } = serve({ pageOf: () => 'one\r\ntwo\nthree' });
    const page = await connect(url);
    expect(await page.until('three')).toContain('data: one\ndata: two\ndata: three\n\n');
  });

  test('that went away is forgotten', async () => {
    const { web, url } = serve();
    const page = await connect(url);
    await page.until('state 1');
    expect(web.routes.events.isWatched('readings')).toBe(true);
    page.abort();
    await settled(() => !web.routes.events.isWatched('readings'));
  });

  test('ends when the appliance stops, and none is begun after it', async () => {
    const { web, url } = serve();
    const page = await connect(url);
    await page.until('state 1');
    web.stop();
    expect(await page.until('never')).toEndWith('[ended]');
    const late = await connect(url);
    expect(late.response.status).toBe(503);
  });

  test('of a reader that takes nothing costs bounded memory', async () => {
    const { web, seen, url } = serve({ pageOf: () => 'x'.repeat(100_000) });
    const socket = await Bun.connect({
      hostname: '127.0.0.1',
      port: Number(new URL(url).port),
      socket: {
        open: (s) => {
          s.write('GET /live/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Test-Viewer: ada\r\n\r\n');
          s.pause();
        },
        data: () => undefined,
      },
    });
    open.push({ stop: () => socket.terminate() });
    for (let i = 0; i < 400; i++) {
      web.routes.events.publish('readings');
      await Bun.sleep(2);
    }
    // Of 40 MB on offer no more is made than the sockets' buffers hold.
    expect(seen.length * 100_000).toBeLessThan(16_000_000);
  });
});

test('a stream ends when its viewer has been signed out or has another role', async () => {
  const viewers: Record<string, Viewer> = { ada: testViewer({ role: 'admin' }) };
  const web: Web = testWeb(viewers);
  const hub = new EventHub({
    clock: systemClock,
    log: quietLog,
    heartbeatMs: 20,
    resolveViewer: async () => viewers.ada ?? null,
  });
  web.routes.page('get', '/watch', 'user', (c) => hub.stream(c, { topics: ['t'], render: () => 'hi' }));
  const response = await web.fetch(
    new Request('http://ampra.local/watch', { headers: { 'X-Test-Viewer': 'ada' } }),
    '',
  );
  const text = response.text();
  await Bun.sleep(60);
  expect(hub.openStreams).toBe(1);
  viewers.ada = testViewer({ role: 'user' });
  expect(await text).toContain('data: hi');
  expect(hub.openStreams).toBe(0);
});

test('one person has a bounded number of streams: the oldest gives way', async () => {
  const web = testWeb({ ada: testViewer() });
  const hub = new EventHub({
    clock: systemClock,
    log: quietLog,
    resolveViewer: async () => null,
    maxStreamsPerViewer: 2,
  });
  open.push(hub);
  web.routes.page('get', '/watch', 'user', (c) => hub.stream(c, { topics: ['t'], render: () => 'hi' }));
  const watch = () => web.fetch(new Request('http://ampra.local/watch', { headers: { 'X-Test-Viewer': 'ada' } }), '');
  const first = await watch();
  await watch();
  await watch();
  expect(hub.openStreams).toBe(2);
  expect(await first.text()).toContain('retry');
});
