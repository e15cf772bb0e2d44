import type { Role, Viewer } from '../accounts/viewer.ts';
import { viewerOf } from '../accounts/viewer-service.ts';
import { unwrap } from '../core/result.ts';
import type { Source } from '../sources/source.ts';
import type { SourceInput } from '../sources/source-rules.ts';
import type { Web } from '../web/server.ts';
import { ask, type TestRequest, testWeb } from '../web/testing.ts';
import { startTestApp, type TestApp } from './app.ts';

const place = { latitude: 52.5, longitude: 13.4, timeZone: 'Europe/Berlin' };

/** The real appliance with a person of each role, and its pages as browsers without scripts see them. */
export class DiscoveryBench {
  private constructor(
    readonly app: TestApp,
    readonly web: Web,
    readonly viewers: Readonly<Record<string, Viewer>>,
  ) {}

  static async start(): Promise<DiscoveryBench> {
    const app = await startTestApp({ config: { mqttAccess: 'open' } });
    const viewers: Record<string, Viewer> = {};
    for (const name of ['overseer', 'admin', 'user', 'other']) {
      const role: Role = name === 'other' ? 'user' : (name as Role);
      const wish = { email: `${name}@example.org`, password: 'a long enough test password', role };
      const user = unwrap(await app.features.accounts.service.addUser(wish));
      viewers[name] = viewerOf(user, { kind: 'session', sessionId: name });
      for (const scope of ['read', 'write', 'admin'] as const)
        viewers[`${name}:${scope}`] = viewerOf(user, { kind: 'token', tokenId: `${name}-${scope}`, scope });
    }
    const web = testWeb(viewers);
    for (const feature of app.features.inOrder) feature.routes?.(web.routes);
    return new DiscoveryBench(app, web, viewers);
  }

  viewer(name: string): Viewer {
    return this.viewers[name] as Viewer;
  }

  async source(owner: string, name = `Roof of ${owner}`, more: SourceInput = {}): Promise<Source> {
    const wish = { name, connectionType: 'mqtt', ...place, ...more };
    return unwrap(await this.app.features.sources.service.create(this.viewer(owner), wish)).source;
  }

  /** A message of a source, as its device would publish it; resolves when it is on disk. */
  publish(source: Source, topic: string, payload: string, receivedAt = Date.now()): Promise<void> {
    const message = { topic, payload: new TextEncoder().encode(payload), receivedAt, isRetained: false };
    return new Promise((resolve, reject) =>
      this.app.features.ingest.service.receive(source, 'mqtt', message, (error) => (error ? reject(error) : resolve())),
    );
  }

  async page(path: string, who?: string): Promise<{ status: number; text: string; headers: Headers }> {
    const answer = await ask(this.web, path, who ? { viewer: who } : {});
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  }

  /** Asks the API with an access token, `user:write`, or with none. */
  async api(method: string, path: string, token?: string, body?: unknown) {
    const request: TestRequest = { method, headers: { 'Content-Type': 'application/json' } };
    if (token) request.token = token;
    if (body !== undefined) request.body = JSON.stringify(body);
    const answer = await ask(this.web, `/api/v1${path}`, request);
    const text = await answer.text();
    // biome-ignore lint/suspicious/noExplicitAny: what the API says is what is tested
    return { status: answer.status, text, body: (text ? JSON.parse(text) : null) as any };
  }

  /** Posts a form with a token that fits. */
  async post(path: string, who: string, form: Record<string, string | File>): Promise<Response> {
    const { text, headers } = await this.page('/sources/new', who);
    const token = /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
    const Cookie = headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...form, _csrf: token })) body.append(name, value);
    return ask(this.web, path, { method: 'POST', viewer: who, body, headers: { Cookie } });
  }

  async dispose(): Promise<void> {
    await this.app.dispose();
  }
}
