import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { systemClock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { createWeb, type Web, type WebOptions } from './server.ts';

/** Helpers for tests of web routes; no test imports anything else of theirs. */

const nothing = () => undefined;
export const quietLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing, for: () => quietLog };

export function testViewer(more: Partial<Viewer> = {}): Viewer {
  return {
    userId: 'user-1',
    role: 'user',
    name: 'Ada',
    email: 'ada@example.org',
    temperatureUnit: 'celsius',
    via: { kind: 'session', sessionId: 'session-1' },
    ...more,
  };
}

/** Viewers by the header `X-Test-Viewer` (a key) or `Authorization: Bearer <key>`. */
export function testWeb(viewers: Record<string, Viewer> = {}, more: Partial<WebOptions> & { clock?: Clock } = {}): Web {
  return createWeb({
    clock: systemClock,
    log: quietLog,
    resolveViewer: async (request) => {
      const bearer = request.headers.get('Authorization')?.replace('Bearer ', '');
      return viewers[bearer ?? request.headers.get('X-Test-Viewer') ?? ''] ?? null;
    },
    trustProxy: false,
    hasTls: false,
    publicUrl: '',
    maxBodyBytes: 64 * 1024,
    csrfSecret: 'a test secret',
    ...more,
  });
}

export interface TestRequest {
  method?: string;
  viewer?: string;
  token?: string;
  headers?: Record<string, string>;
  body?: string | FormData | Uint8Array<ArrayBuffer> | ReadableStream;
  peer?: string;
}

/** Asks the web app as a client of the LAN would. */
export function ask(web: Web, path: string, request: TestRequest = {}): Promise<Response> {
  const headers: Record<string, string> = { Host: '192.168.1.20:8080', ...request.headers };
  if (request.viewer) headers['X-Test-Viewer'] = request.viewer;
  if (request.token) headers.Authorization = `Bearer ${request.token}`;
  const url = path.startsWith('http') ? path : `http://192.168.1.20:8080${path}`;
  return web.fetch(
    new Request(url, { method: request.method ?? 'GET', headers, ...(request.body ? { body: request.body } : {}) }),
    request.peer ?? '192.168.1.5',
  );
}
