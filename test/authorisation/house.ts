import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role, TokenScope, Viewer } from '../../src/accounts/viewer.ts';
import { viewerOf } from '../../src/accounts/viewer-service.ts';
import { days, minutes } from '../../src/core/durations.ts';
import { unwrap } from '../../src/core/result.ts';
import type { ConfigInput } from '../../src/platform/config.ts';
import { FakeClock, startTestApp, type TestApp } from '../../src/testing/app.ts';
import { png } from '../../src/testing/images.ts';

/** Those who ask. `other` is a person of the house like `owner`, but whose things are somebody else's. */
export const people = ['nobody', 'other', 'owner', 'Admin', 'Overseer'] as const;
export type Person = (typeof people)[number];
type Account = Exclude<Person, 'nobody'>;

/** Access tokens. Those of the table come first; the rest must follow from it. */
export const tokenHolders = {
  read: ['owner', 'read'],
  write: ['owner', 'write'],
  admin: ['Overseer', 'admin'],
  otherWrite: ['other', 'write'],
  overseerRead: ['Overseer', 'read'],
  overseerWrite: ['Overseer', 'write'],
} as const satisfies Record<string, readonly [Account, TokenScope]>;
export type Token = keyof typeof tokenHolders;

const roles: Record<Account, Role> = { other: 'user', owner: 'user', Admin: 'admin', Overseer: 'overseer' };
export const password = 'a good password for tests';
const host = '192.168.1.20:8080';

/** Names that the owner gave to what is theirs; nobody else may ever read one. */
export const secretNames = ['Hidden roof', 'Hidden group', 'Hidden line', 'Hidden program', 'hidden/topic'] as const;

export interface Answer {
  status: number;
  location: string | null;
  headers: Headers;
  text: string;
}

export interface Sent {
  form?: Record<string, string | File>;
  json?: unknown;
  /** A body as it is. */
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

interface Browser {
  cookie: string;
  csrf: string;
}

/** The real appliance with a person of each kind, what is the owner's, and requests as browsers and programs send them. */
/** That of the correction of `makeCorrectedSource`. */
export const correctionId = '00000000-0000-4000-8000-00000000c0de';

export class House {
  readonly clock = new FakeClock();
  readonly users = new Map<Account, Viewer>();
  private readonly tokens = new Map<Token, string>();
  private readonly browsers = new Map<Account, Browser>();
  private visitor: Browser | null = null;
  private heard = 0;

  private constructor(readonly app: TestApp) {}

  static async start(more: ConfigInput = {}): Promise<House> {
    const clock = new FakeClock(Date.now());
    // A mail server and a weather service that are never there: what needs them is open, and nothing leaves this machine.
    const nowhere = { smtpUrl: 'smtp://127.0.0.1:9', weatherUrl: 'http://127.0.0.1:9' };
    const config = { mqttAccess: 'open', commitWindowMs: 0, ...nowhere, ...more } as const;
    const house = new House(await startTestApp({ clock, config }));
    Object.assign(house, { clock });
    for (const who of Object.keys(roles) as Account[]) await house.addPerson(who);
    for (const [token, [who, scope]] of Object.entries(tokenHolders)) {
      const wish = {
        email: house.viewer(who).email,
        name: `${who === 'owner' ? 'Hidden' : 'A'} program ${token}`,
        scope,
      };
      house.tokens.set(token as Token, unwrap(house.app.features.accounts.service.addToken(wish)));
    }
    return house;
  }

  viewer(who: Account): Viewer {
    const found = this.users.get(who);
    if (!found) throw new Error(`${who} has no account`);
    return found;
  }

  token(token: Token): string {
    return this.tokens.get(token) ?? '';
  }

  /** A source of the owner's, with everything that may hang on one. */
  async makeSource(): Promise<string> {
    const { sources, ingest } = this.app.features;
    this.makeRoom();
    const wish = { name: 'Hidden roof', description: 'Hidden roof', latitude: 52.5, longitude: 13.4 };
    const owner = this.viewer('owner');
    const input = { ...wish, timeZone: 'Europe/Berlin', connectionType: 'mqtt' };
    const { source } = unwrap(await sources.service.create(owner, input, png(20, 20)));
    unwrap(sources.prices.put(owner, source.id, { effectiveFrom: '2024-01-01', importPricePerKwh: '0.3' }));
    const messages = ['{"solarPower":1200}', '{"solarPower":"Hidden roof"}'].map((text) => {
      const payload = new TextEncoder().encode(text);
      const message = { topic: 'hidden/topic', payload, isRetained: false, receivedAt: this.clock.now() };
      return new Promise((done) => ingest.service.receive(source, 'mqtt', message, done));
    });
    await Promise.all(messages);
    return source.id;
  }

  /** A source with a correction in force. */
  async makeCorrectedSource(): Promise<string> {
    const id = await this.makeSource();
    const correction = {
      kind: 'remove',
      metric: 'solarPower',
      from: 1,
      to: 2,
      amount: null,
      above: null,
      below: null,
    } as const;
    const made = { note: 'Hidden', madeAt: this.clock.now(), madeBy: 'Hidden', undoneAt: null, undoneBy: null };
    await this.app.features.telemetry.corrections.correct(id, { ...correction, ...made, id: correctionId });
    return id;
  }

  /** There may be 500 sources of an owner: the newest go, those that tests share are the oldest (so with groups and tokens). */
  private makeRoom(): void {
    const { sources } = this.app.features;
    const own = [...sources.directory.ownedBy(this.viewer('owner').userId)].sort((a, b) => a.createdAt - b.createdAt);
    if (own.length < 400) return;
    for (const { id } of own.slice(50)) sources.service.remove(this.viewer('owner'), id);
  }

  async makeGroup(): Promise<string> {
    const { groups } = this.app.features.sources;
    const owner = this.viewer('owner');
    const own = [...groups.groupsOf(owner.userId)].sort((a, b) => a.createdAt - b.createdAt);
    if (own.length > 80) for (const { id } of own.slice(20)) await groups.remove(owner, id);
    return unwrap(await groups.create(this.viewer('owner'), { name: 'Hidden group' }, png(20, 20))).id;
  }

  /** A connection that is switched off: nothing is to be reached here. */
  async makeConnection(): Promise<string> {
    const sourceId = await this.makeSource();
    const input = { name: 'Hidden line', host: '198.51.100.1', isOn: false, sourceId };
    return unwrap(await this.app.features.connections.service.create(this.viewer('owner'), input)).connection.id;
  }

  makeToken(): string {
    const { tokens } = this.app.features.accounts.service;
    const own = tokens.list(this.viewer('owner'));
    if (own.length > 40) for (const { id } of own.slice(0, -20)) tokens.revoke(this.viewer('owner'), id, 'test');
    const wish = { name: 'Hidden program', scope: 'read', expiresInDays: null } as const;
    return unwrap(tokens.create(this.viewer('owner'), wish, 'test')).token.id;
  }

  async makeSession(): Promise<string> {
    return (await this.openSession('owner')).sessionId;
  }

  /** Somebody of the role User: the owner in person, or for what is to be changed somebody like them. */
  async makeUser(): Promise<string> {
    const email = `somebody-${crypto.randomUUID()}@example.org`;
    return unwrap(await this.app.features.accounts.service.addUser({ email, password, role: 'user' })).id;
  }

  makeInvite(userId: string): string {
    const { service } = this.app.features.accounts;
    return unwrap(service.users.invite(this.viewer('Overseer'), userId, 'test')).inviteSecret;
  }

  /** A device without a login that is heard now; gives its topics. */
  async hearDevice(): Promise<string> {
    const topic = `tele/hidden_${this.heard++}/SENSOR`;
    const payload = new TextEncoder().encode('{"ENERGY":{"Power":12,"Voltage":230}}');
    const message = { topic, payload, receivedAt: this.clock.now(), isRetained: false };
    const { inbox } = this.app.features.ingest;
    await new Promise((done) => inbox.receive(message, done));
    const found = inbox.devices(0).find(({ filter }) => filter.includes(topic.split('/')[1] ?? ''));
    if (!found) throw new Error('the device is not heard');
    return found.filter;
  }

  /** The same, claimed for a source of the owner's. */
  async claimDevice(): Promise<string> {
    const filter = await this.hearDevice();
    const { claims } = this.app.features.ingest;
    unwrap(claims.claim(this.viewer('Overseer'), filter, await this.makeSource()));
    // What a claim notes once the kept messages arrived must not look like the work of the request that comes next.
    await claims.settled();
    return filter;
  }

  /** Topics that are heard as this source and are another one's of the owner; of a source that is not there, the same name. */
  async routeTopics(sourceId: string): Promise<string> {
    const wish = { filter: `shed/${this.heard++}/#`, toSourceId: await this.makeSource(), name: '', role: '' };
    await this.app.features.ingest.topicRoutes.add(this.viewer('owner'), sourceId, wish);
    return wish.filter;
  }

  /** A job that failed for good. */
  async makeJob(): Promise<string> {
    const id = this.app.features.jobs.enqueue('test.fails');
    while (this.app.features.jobs.find(id)?.state !== 'dead') await Bun.sleep(5);
    return id;
  }

  /** Work for the owner that is not due yet. */
  makeOwnJob(): string {
    return this.app.features.jobs.enqueue('test.waits', {
      runAt: Date.now() + days(1),
      ownerId: this.viewer('owner').userId,
    });
  }

  /** A file that is called like a backup; gives its place. */
  makeBackup(name: string): string {
    writeFileSync(join(this.app.dataDir, 'backups', name), 'a backup');
    return 'here';
  }

  /** What a restore left. */
  makeReplaced(): string {
    const name = `replaced-${crypto.randomUUID()}`;
    mkdirSync(join(this.app.dataDir, name));
    return name;
  }

  /** Asks as a person; what changes something brings the session's token. */
  async ask(who: Person, method: string, path: string, sent: Sent = {}): Promise<Answer> {
    // Nobody of the table is to be stopped for asking often.
    this.clock.advance(minutes(1));
    const browser = who === 'nobody' ? await this.visit() : await this.browser(who);
    const headers = { Cookie: browser.cookie, ...(sent.headers ?? {}) };
    if (method === 'GET') return this.send(method, path, { headers });
    const csrf = { 'X-CSRF-Token': browser.csrf, Origin: `http://${host}` };
    return this.send(method, path, { ...sent, headers: { ...headers, ...csrf } });
  }

  /** Asks with an access token. */
  askWith(token: Token, method: string, path: string, sent: Sent = {}): Promise<Answer> {
    this.clock.advance(minutes(1));
    return this.send(method, path, {
      ...sent,
      headers: { ...sent.headers, Authorization: `Bearer ${this.token(token)}` },
    });
  }

  async send(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const headers: Record<string, string> = { Host: host, ...sent.headers };
    let body: string | FormData | Uint8Array<ArrayBuffer> | undefined = sent.raw;
    if (sent.json !== undefined) {
      body = JSON.stringify(sent.json);
      headers['Content-Type'] ??= 'application/json';
    } else if (sent.form) {
      body = new FormData();
      for (const [name, value] of Object.entries(sent.form)) body.append(name, value);
    }
    // A browser and every HTTP client say how long a body is that they have as a whole.
    if (typeof body === 'string') headers['Content-Length'] ??= String(Buffer.byteLength(body));
    if (body instanceof Uint8Array) headers['Content-Length'] ??= String(body.byteLength);
    const request = new Request(`http://${host}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
    const response = await this.app.fetch(request);
    const text = await textOf(response);
    return { status: response.status, location: response.headers.get('Location'), headers: response.headers, text };
  }

  /** Everything that is kept, table by table, but what each request may leave behind, and what is being removed. */
  kept(): Record<string, string> {
    const { db } = this.app.base;
    const tables = db.query<{ name: string }, []>(`SELECT name FROM sqlite_master WHERE type = 'table'`).all();
    const changing = /^(sqlite_|audit_log|sessions|jobs|written_bytes|migrations)/;
    const named = tables.map(({ name }) => name).filter((name) => !changing.test(name));
    const seen = /last_(seen|used)_/;
    const live = new Set(this.app.features.sources.directory.all().map(({ id }) => id));
    const isLive = (table: string, row: Record<string, unknown>) => {
      const source = table === 'sources' ? row.id : row.source_id;
      return source === undefined || source === null || live.has(String(source));
    };
    return Object.fromEntries(
      named.map((name) => {
        const rows = db.query<Record<string, unknown>, []>(`SELECT * FROM ${name}`).all();
        const kept = rows.filter((row) => isLive(name, row));
        return [name, JSON.stringify(kept, (key, value) => (seen.test(key) ? undefined : value))];
      }),
    );
  }

  async dispose(): Promise<void> {
    await this.app.dispose();
  }

  private async addPerson(who: Account): Promise<void> {
    const { service } = this.app.features.accounts;
    const email = `${who.toLowerCase()}.person@example.org`;
    const user = unwrap(await service.addUser({ email, password, role: roles[who], name: `${who} person` }));
    this.users.set(who, viewerOf(user, { kind: 'session', sessionId: who }));
  }

  private async openSession(who: Account) {
    const { service } = this.app.features.accounts;
    const user = service.user(this.viewer(who).userId);
    if (!user) throw new Error(`${who} is gone`);
    return service.signIn.openFor(user, { address: '127.0.0.1', userAgent: 'test' });
  }

  /** The session of a person; a new one where the last ended. */
  async browser(who: Account): Promise<Browser> {
    const known = this.browsers.get(who);
    const { viewers } = this.app.features.accounts.service;
    if (known && (await viewers.fromCookie(known.cookie.replace(/.*=/, ''), '127.0.0.1'))) return known;
    const cookie = `ampra_session=${(await this.openSession(who)).cookie}`;
    const page = await this.send('GET', '/groups/new', { headers: { Cookie: cookie } });
    const browser = { cookie, csrf: csrfOf(page.text) };
    this.browsers.set(who, browser);
    return browser;
  }

  private async visit(): Promise<Browser> {
    if (this.visitor) return this.visitor;
    const page = await this.send('GET', '/login');
    const cookie = page.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    this.visitor = { cookie, csrf: csrfOf(page.text) };
    return this.visitor;
  }
}

/** A page without its form tokens, which differ each time. */
export function withoutTokens(html: string): string {
  return html
    .replace(/name=\\?"_csrf\\?" value=\\?"[\w-]*\\?"/g, 'CSRF')
    .replace(/(X-CSRF-Token&quot;:&quot;)[\w-]*/g, '$1');
}

function csrfOf(html: string): string {
  const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1];
  if (!token) throw new Error('the page has no form');
  return token;
}

/** The whole text; of a stream of events what comes at once. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) return response.text();
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let i = 0; i < 2 && reader; i++) {
    const next = await Promise.race([reader.read(), Bun.sleep(15).then(() => null)]);
    if (!next?.value) break;
    text += decoder.decode(next.value);
  }
  await reader?.cancel();
  return text;
}
