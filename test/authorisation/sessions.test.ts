import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connectAsync } from 'mqtt';
import { days } from '../../src/core/durations.ts';
import { unwrap } from '../../src/core/result.ts';
import { House, password } from './house.ts';

/** Sessions and tokens of the whole appliance: how they begin, end, and what a stolen database is worth. */
let house: House;
beforeAll(async () => {
  house = await House.start();
});
afterAll(() => house?.dispose());

const accounts = () => house.app.features.accounts.service;
const cookieOf = (headers: Headers, name = 'ampra_session') =>
  headers
    .getSetCookie()
    .find((line) => line.startsWith(`${name}=`))
    ?.split(';')[0];

/** Signs in through the page, with what a browser holds already. */
async function signIn(jar: Record<string, string> = {}) {
  const held = Object.entries(jar).map(([name, value]) => `${name}=${value}`);
  const page = await house.send('GET', '/login', { headers: { Cookie: held.join('; ') } });
  const visitor = cookieOf(page.headers, 'ampra_visitor');
  const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const Cookie = [...held, visitor].filter(Boolean).join('; ');
  const form = { email: house.viewer('owner').email, password, next: '/', _csrf: csrf };
  return house.send('POST', '/login', { form, headers: { Cookie } });
}

async function isIn(cookie: string | undefined): Promise<boolean> {
  const { status } = await house.send('GET', '/account', { headers: { Cookie: cookie ?? '' } });
  return status === 200;
}

async function post(path: string, cookie: string, form: Record<string, string> = {}) {
  const page = await house.send('GET', '/account/security', { headers: { Cookie: cookie } });
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  return house.send('POST', path, { form: { ...form, _csrf }, headers: { Cookie: cookie } });
}

describe('a session', () => {
  test('never takes the id that a browser brought (fixation)', async () => {
    const planted = 'a'.repeat(40);
    const cookie = cookieOf((await signIn({ ampra_session: planted })).headers);
    expect(cookie).toMatch(/^ampra_session=[a-z0-9]{40}$/);
    expect(cookie).not.toContain(planted);
    expect(await isIn(`ampra_session=${planted}`)).toBe(false);
  });

  test('ends where the same browser signs in again, and the new one has another id', async () => {
    const first = cookieOf((await signIn()).headers) ?? '';
    const { headers } = await post('/login', first, { email: house.viewer('owner').email, password, next: '/' });
    const second = cookieOf(headers);
    expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
    expect(second).not.toBe(first);
  });

  test('ends at sign-out for good, everywhere at once, and with a new password', async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map(async () => cookieOf((await signIn()).headers) ?? ''));
    await post('/logout', one ?? '');
    expect([await isIn(one), await isIn(two)]).toEqual([false, true]);
    await post('/account/sessions/end-others', two ?? '');
    expect([await isIn(two), await isIn(three)]).toEqual([true, false]);
    const fourth = cookieOf((await signIn()).headers);
    await post('/account/password', two ?? '', { current: password, next: password });
    expect([await isIn(two), await isIn(fourth)]).toEqual([true, false]);
  });

  test('ends after thirty days in which nobody used it, and lives on when somebody does', async () => {
    const [used, idle] = [cookieOf((await signIn()).headers), cookieOf((await signIn()).headers)];
    for (let day = 0; day < 40; day += 10) {
      house.clock.advance(days(10));
      expect(await isIn(used)).toBe(true);
    }
    expect(await isIn(idle)).toBe(false);
  });

  test('is not opened by what a stolen database holds', async () => {
    const cookie = cookieOf((await signIn()).headers);
    expect(await isIn(cookie)).toBe(true);
    const { db } = house.app.base;
    const rows = db.query<{ id: string }, []>('SELECT id FROM sessions').all();
    for (const { id } of rows) {
      expect(await isIn(`ampra_session=${id}`)).toBe(false);
      expect(await isIn(`ampra_session=${id.slice(0, 40)}`)).toBe(false);
    }
    const everything = JSON.stringify(house.kept()) + JSON.stringify(db.query('SELECT * FROM sessions').all());
    for (const secret of [cookie?.split('=')[1] ?? '', password, house.token('write')])
      expect(everything).not.toContain(secret);
  });

  test('is marked HttpOnly and SameSite, and over https Secure and bound to the host', async () => {
    const { headers } = await signIn();
    const line = headers.getSetCookie().find((one) => one.startsWith('ampra_session='));
    for (const mark of ['HttpOnly', 'SameSite=Lax', 'Path=/']) expect(line).toContain(mark);
    expect(line).not.toContain('Domain');
  });
});

test('over https the session’s cookie is Secure, bound to the host, and one from http opens nothing', async () => {
  const safe = await House.start({ tls: 'local' });
  try {
    const page = await safe.send('GET', '/login');
    const visitor = cookieOf(page.headers, '__Host-ampra_visitor') ?? '';
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    const form = { email: safe.viewer('owner').email, password, next: '/', _csrf };
    const { headers } = await safe.send('POST', '/login', { form, headers: { Cookie: visitor } });
    const line = headers.getSetCookie().find((one) => one.includes('session=')) ?? '';
    expect(line).toStartWith('__Host-ampra_session=');
    for (const mark of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/']) expect(line).toContain(mark);
    const secret = line.split(';')[0]?.split('=')[1];
    const asHttp = await safe.send('GET', '/account', { headers: { Cookie: `ampra_session=${secret}` } });
    expect(asHttp.location).toStartWith('/login');
  } finally {
    await safe.dispose();
  }
});

describe('an access token', () => {
  const connect = (token: string) => {
    const url = `mqtt://127.0.0.1:${house.app.features.broker.ports().tcp}`;
    return connectAsync(url, { username: 'token', password: token, reconnectPeriod: 0, protocolVersion: 5 });
  };
  const make = (expiresInDays: number | null) => {
    const wish = { name: 'Program', scope: 'read', expiresInDays } as const;
    return unwrap(accounts().tokens.create(house.viewer('owner'), wish, 'test'));
  };

  test('whose time is over lets a program that is connected no longer stay', async () => {
    const [brief, lasting] = [await connect(make(1).secret), await connect(make(null).secret)];
    const closed = new Promise<void>((resolve) => brief.once('close', () => resolve()));
    house.clock.advance(days(2));
    accounts().tokens.endExpired();
    await closed;
    await expect(connect(make(1).secret).then((client) => client.endAsync())).resolves.toBeUndefined();
    expect(lasting.connected).toBe(true);
    await lasting.endAsync();
  });

  test('that is revoked ends at once, over MQTT and the API', async () => {
    const { secret, token } = make(null);
    const client = await connect(secret);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    unwrap(accounts().tokens.revoke(house.viewer('owner'), token.id, 'test'));
    await closed;
    const { status } = await house.send('GET', '/api/v1/me', { headers: { Authorization: `Bearer ${secret}` } });
    expect(status).toBe(401);
  });
});
