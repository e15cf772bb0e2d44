import { expect, test } from 'bun:test';
import { days, minutes } from '../core/durations.ts';
import { unwrap } from '../core/result.ts';
import { accountsWorld, goodPassword, visitor } from '../testing/accounts.ts';

const next = 'another long garden path';
const from = visitor.address;
const codeIn = (text: string) => /\b[2-9A-Z]{6}-[2-9A-Z]{6}\b/.exec(text)?.[0] ?? '';

test('a changed password ends every other session and keeps the own', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  const open = async () => {
    const signedIn = unwrap(
      await world.service.signIn.signIn({ email: 'anna@example.org', password: goodPassword }, visitor),
    );
    if (signedIn.kind !== 'signedIn') throw new Error('not signed in');
    return signedIn.session.cookie;
  };
  const [mine, other] = [await open(), await open()];
  const me = (await world.service.viewers.fromCookie(mine, from))?.viewer;
  if (!me) throw new Error('no viewer');
  unwrap(await world.service.passwords.change(me, { current: goodPassword, next }, from));
  expect(await world.service.viewers.fromCookie(mine, from)).toBeDefined();
  expect(await world.service.viewers.fromCookie(other, from)).toBeUndefined();
  expect((await world.service.signIn.signIn({ email: 'anna@example.org', password: goodPassword }, visitor)).ok).toBe(
    false,
  );
  expect((await world.service.signIn.signIn({ email: 'anna@example.org', password: next }, visitor)).ok).toBe(true);
});

test('changing needs the present password, and guessing it in a borrowed browser is limited', async () => {
  const world = accountsWorld();
  const { viewer } = await world.person('anna@example.org');
  const guess = () => world.service.passwords.change(viewer, { current: 'a wrong guess', next }, from);
  for (let i = 0; i < 8; i += 1) {
    const result = await guess();
    expect(!result.ok && result.error.field).toBe('current');
  }
  const result = await guess();
  expect(!result.ok && result.error.code).toBe('rate_limited');
});

test('a program cannot change the password of its owner', async () => {
  const world = accountsWorld();
  const { viewer } = await world.person('anna@example.org');
  const program = { ...viewer, via: { kind: 'token' as const, tokenId: 't', scope: 'admin' as const } };
  const result = await world.service.passwords.change(program, { current: goodPassword, next }, from);
  expect(!result.ok && result.error.code).toBe('forbidden');
});

test('asking for a reset does and answers the same for a known and an unknown address', async () => {
  const world = accountsWorld({ hasMail: true });
  await world.person('anna@example.org');
  const known = world.service.passwords.forgot('Anna@Example.org', from);
  const unknown = world.service.passwords.forgot('nobody@example.org', from);
  expect(known).toEqual(unknown);
  expect(world.jobs.queued.map((j) => j.kind)).toEqual(['accounts.sendReset', 'accounts.sendReset']);
  await world.jobs.runAll();
  expect(world.mailbox.mails.map((m) => m.to)).toEqual(['anna@example.org']);
});

test('the mailed code works once, for half an hour, and ends every session', async () => {
  const world = accountsWorld({ hasMail: true });
  const { viewer } = await world.person('anna@example.org');
  unwrap(await world.service.signIn.signIn({ email: 'anna@example.org', password: goodPassword }, visitor));
  const ask = async () => {
    unwrap(world.service.passwords.forgot('anna@example.org', from));
    await world.jobs.runAll();
    return codeIn(world.mailbox.mails.at(-1)?.text ?? '');
  };
  const old = await ask();
  const code = await ask();
  expect((await world.service.passwords.reset(old, next, from)).ok).toBe(false);
  const weak = await world.service.passwords.reset(code, 'password123', from);
  expect(!weak.ok && weak.error.field).toBe('next');
  unwrap(await world.service.passwords.reset(code.toLowerCase().replace('-', ' '), next, from));
  expect(world.service.signIn.sessionsOf(viewer)).toEqual([]);
  expect((await world.service.passwords.reset(code, next, from)).ok).toBe(false);
  const late = await ask();
  world.clock.advance(minutes(30));
  expect((await world.service.passwords.reset(late, next, from)).ok).toBe(false);
  const tables = JSON.stringify(world.db.query('SELECT * FROM password_links').all());
  expect(tables).not.toContain(late.replace('-', ''));
});

test('a code that two browsers use at once sets one password', async () => {
  const world = accountsWorld();
  const { viewer: over } = await world.person('over@example.org', 'overseer');
  const { user } = await world.person('anna@example.org');
  const { inviteSecret } = unwrap(world.service.users.invite(over, user.id, from));
  const results = await Promise.all([
    world.service.passwords.reset(inviteSecret, next, from),
    world.service.passwords.reset(inviteSecret, 'a third kitchen table', from),
  ]);
  expect(results.filter((r) => r.ok)).toHaveLength(1);
});

test("an admin's link lets somebody choose their password, for a week", async () => {
  const world = accountsWorld();
  const { viewer } = await world.person('over@example.org', 'overseer');
  const wish = { name: 'Ivo', email: 'ivo@example.org', role: 'user', password: '' };
  const { inviteSecret } = unwrap(await world.service.users.create(viewer, wish, from));
  expect(world.service.passwords.inspect(inviteSecret ?? '', from)).toMatchObject({
    value: { email: 'ivo@example.org' },
  });
  unwrap(await world.service.passwords.reset(inviteSecret ?? '', next, from));
  expect((await world.service.signIn.signIn({ email: 'ivo@example.org', password: next }, visitor)).ok).toBe(true);
  const again = unwrap(
    world.service.users.invite(
      viewer,
      unwrap(
        world.service.users.get(viewer, world.service.listUsers().find((u) => u.email === 'ivo@example.org')?.id ?? ''),
      ).id,
      from,
    ),
  );
  world.clock.advance(days(7));
  expect(world.service.passwords.inspect(again.inviteSecret, from).ok).toBe(false);
});

test('codes and links that are on their way end with any other change of the password or the address', async () => {
  const world = accountsWorld({ hasMail: true });
  const { viewer: over } = await world.person('over@example.org', 'overseer');
  const { user, viewer } = await world.person('anna@example.org');
  const both = async () => {
    const { inviteSecret } = unwrap(world.service.users.invite(over, user.id, from));
    unwrap(world.service.passwords.forgot('anna@example.org', from));
    await world.jobs.runAll();
    return [inviteSecret, codeIn(world.mailbox.mails.at(-1)?.text ?? '')];
  };
  const works = (secrets: string[]) => secrets.map((secret) => world.service.passwords.inspect(secret, from).ok);
  const first = await both();
  expect(works(first)).toEqual([true, true]);
  unwrap(await world.service.passwords.change(viewer, { current: goodPassword, next }, from));
  expect(works(first)).toEqual([false, false]);
  const second = await both();
  unwrap(await world.service.resetPassword({ email: 'anna@example.org', password: goodPassword }));
  expect(works(second)).toEqual([false, false]);
  const third = await both();
  world.clock.advance(minutes(10));
  const moved = unwrap(
    await world.service.profile.changeEmail(viewer, { email: 'anna@new.org', password: goodPassword }, from),
  );
  await world.jobs.runAll();
  const code = /^\d{6}/.exec(world.mailbox.mails.at(-1)?.subject ?? '')?.[0] ?? '';
  unwrap(world.service.verification.confirm(moved.ticket ?? '', code, from));
  expect(works(third)).toEqual([false, false]);
});

test('asking for mails is limited by where they go and by who asks', () => {
  const world = accountsWorld({ hasMail: true });
  const ask = (email: string, address: string) => {
    const result = world.service.passwords.forgot(email, address);
    return result.ok ? 'ok' : result.error.code;
  };
  const toOne = Array.from({ length: 6 }, (_, i) => ask('anna@example.org', `10.0.0.${i}`));
  expect(toOne).toEqual([...Array(5).fill('ok'), 'rate_limited']);
  const fromOne = Array.from({ length: 11 }, (_, i) => ask(`guest${i}@example.org`, '10.0.1.1'));
  expect(fromOne).toEqual([...Array(10).fill('ok'), 'rate_limited']);
});

test('guessing links is limited by address', () => {
  const world = accountsWorld();
  const codes = Array.from({ length: 11 }, () => world.service.passwords.inspect('AAAAAAAAAAAA', from));
  expect(codes.map((r) => (r.ok ? 'ok' : r.error.code))).toEqual([...Array(10).fill('invalid'), 'rate_limited']);
});

test('the command line resets a password and ends the sessions', async () => {
  const world = accountsWorld();
  const { viewer } = await world.person('anna@example.org');
  unwrap(await world.service.signIn.signIn({ email: 'anna@example.org', password: goodPassword }, visitor));
  const weak = await world.service.resetPassword({ email: 'anna@example.org', password: 'short' });
  expect(!weak.ok && weak.error.field).toBe('password');
  unwrap(await world.service.resetPassword({ email: 'ANNA@example.org', password: next }));
  expect(world.service.signIn.sessionsOf(viewer)).toEqual([]);
  const nobody = await world.service.resetPassword({ email: 'nobody@example.org', password: next });
  expect(!nobody.ok && nobody.error.code).toBe('not_found');
});
