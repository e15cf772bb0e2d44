import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { goodPassword } from '../testing/accounts.ts';
import { AccountsBrowser, type AccountsWeb, accountsWeb } from '../testing/accounts-web.ts';

let world: AccountsWeb;
let who: AccountsBrowser;
beforeEach(async () => {
  world = accountsWeb();
  await world.person('over@example.org', 'overseer');
  who = new AccountsBrowser(world, '192.168.1.7');
  await who.signIn('over@example.org');
});
afterEach(() => world.stop());

const host = 'http://192.168.1.20:8080';
const fromPage = (page: string, more: Record<string, string> = {}) => ({
  headers: { Origin: host, Referer: `${host}${page}`, ...more },
});
const typed = {
  name: 'Anna "A" & <Co>',
  email: 'anna@example.org',
  role: 'admin',
  way: 'invite',
  password: 'let me in now',
};

async function endSession(): Promise<void> {
  const other = new AccountsBrowser(world, '192.168.1.8');
  await other.signIn('over@example.org');
  await other.page('/account/security');
  expect((await other.post('/account/sessions/end-others', {})).status).toBe(303);
}

test('the cookie outlives the session: a page that stays open goes on with it without telling the browser', async () => {
  const one = new AccountsBrowser(world, '192.168.1.9');
  await one.page('/login');
  const answer = await one.post('/login', { email: 'over@example.org', password: goodPassword });
  const days = (cookies: string[]) =>
    Number(/Max-Age=(\d+)/.exec(cookies.find((one) => one.startsWith('ampra_session=')) ?? '')?.[1]) / 86_400;
  expect(days(answer.headers.getSetCookie())).toBe(400);
  world.clock.advance(16 * 86_400_000);
  expect(days((await one.get('/account')).headers.getSetCookie())).toBe(400);
});

describe('a form that is sent after the session ended', () => {
  test('is kept: signing in leads back to it with everything that was typed, but no password', async () => {
    await who.page('/users/new');
    await endSession();
    const answer = await who.post('/users', typed, fromPage('/users/new'));
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/login?next=%2Fusers%2Fnew']);
    expect(await who.page('/login?next=%2Fusers%2Fnew')).toContain('You were signed out. What you typed is kept.');
    await who.page('/login?next=%2Fusers%2Fnew');
    const back = await who.post('/login', { email: 'over@example.org', password: goodPassword, next: '/users/new' });
    expect(back.status).toBe(303);
    const page = await who.page('/users/new');
    expect(page).toContain('value="Anna &quot;A&quot; &amp; <Co>"');
    expect(page).toContain('value="anna@example.org"');
    expect(page).toContain('What you typed is here again');
    expect(page).toContain('Passwords and files are not kept');
    expect(page).not.toContain('let me in now');
    expect(world.service.listUsers()).toHaveLength(1);
    expect(await who.page('/users/new')).not.toContain('anna@example.org');
    expect((await who.post('/users', typed)).status).toBeLessThan(400);
  });

  test('is kept for htmx too, which is told to leave the page', async () => {
    await endSession();
    const headers = { Origin: host, 'HX-Request': 'true', 'HX-Current-URL': `${host}/users/new?x=1` };
    const answer = await who.post('/users', typed, { headers });
    expect([answer.status, answer.headers.get('HX-Redirect')]).toEqual([401, '/login?next=%2Fusers%2Fnew%3Fx%3D1']);
    expect(await who.page('/login')).toContain('What you typed is kept.');
  });

  test('leads to the page of the form also when that was shown again with an error, at its own action', async () => {
    await endSession();
    const answer = await who.post('/users', typed, fromPage('/users'));
    expect(answer.headers.get('Location')).toBe('/login?next=%2Fusers%2Fnew');
  });

  test('is not kept when another site may have sent it, and signing out forgets it', async () => {
    await endSession();
    for (const headers of [{}, { Origin: 'https://evil.example' }, { Origin: host, 'Sec-Fetch-Site': 'cross-site' }])
      await who.post('/users', typed, { headers: headers as Record<string, string> });
    expect(who.cookies.has('ampra_kept')).toBe(false);
    expect(await who.page('/login')).not.toContain('is kept');
  });
});

describe('a form of an earlier session', () => {
  test('comes back filled instead of an error page', async () => {
    const answer = await who.post('/users', typed, { token: 'of an earlier session', ...fromPage('/users/new') });
    expect([answer.status, answer.headers.get('Location')]).toEqual([303, '/users/new']);
    const page = await who.page('/users/new');
    expect(page).toContain('value="anna@example.org"');
    expect(world.service.listUsers()).toHaveLength(1);
  });

  test('without anything typed says to try again', async () => {
    const answer = await who.post('/account/sessions/end-others', {}, { token: 'x', ...fromPage('/account/security') });
    expect(answer.headers.get('Location')).toBe('/account/security');
    expect(await who.page('/account/security')).toContain('nothing was changed. Try again.');
  });
});
