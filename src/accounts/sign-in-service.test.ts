import { expect, test } from 'bun:test';
import { days, minutes } from '../core/durations.ts';
import { unwrap } from '../core/result.ts';
import { type AccountsWorld, accountsWorld, goodPassword, visitor } from '../testing/accounts.ts';

async function signIn(world: AccountsWorld, email = 'anna@example.org', previousCookie?: string) {
  const result = unwrap(await world.service.signIn.signIn({ email, password: goodPassword }, visitor, previousCookie));
  if (result.kind !== 'signedIn') throw new Error('not signed in');
  return result.session;
}

test('the right password opens a session, whatever way the address is written', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  const session = await signIn(world, ' ANNA@Example.org ');
  const found = await world.service.viewers.fromCookie(session.cookie, visitor.address);
  expect(found?.viewer.email).toBe('anna@example.org');
  expect(found?.viewer.via).toEqual({ kind: 'session', sessionId: session.sessionId });
});

test('an unknown address, a wrong password and an invited account are answered alike and cost one hash each', async () => {
  const world = accountsWorld();
  const { viewer } = await world.person('over@example.org', 'overseer');
  await world.person('anna@example.org');
  unwrap(
    await world.service.users.create(
      viewer,
      { name: 'Ivo', email: 'ivo@example.org', role: 'user', password: '' },
      visitor.address,
    ),
  );
  const answers: unknown[] = [];
  const costs: number[] = [];
  for (const email of ['anna@example.org', 'nobody@example.org', 'ivo@example.org', 'no address at all']) {
    const before = world.passwords.verifications + world.passwords.hashes;
    answers.push(await world.service.signIn.signIn({ email, password: 'not the password' }, visitor));
    costs.push(world.passwords.verifications + world.passwords.hashes - before);
  }
  expect(costs).toEqual([1, 1, 1, 1]);
  expect(new Set(answers.map((a) => JSON.stringify(a))).size).toBe(1);
});

test('an over-long password is refused without hashing it, at the same cost', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  const before = world.passwords.verifications;
  const result = await world.service.signIn.signIn(
    { email: 'anna@example.org', password: 'x'.repeat(100_000) },
    visitor,
  );
  expect(result.ok).toBe(false);
  expect(world.passwords.verifications - before).toBe(1);
});

test('a stolen database opens no session: it holds hashes, and hashes are no cookies', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  const session = await signIn(world);
  const dump = JSON.stringify(world.db.query('SELECT * FROM sessions').all());
  expect(dump).not.toContain(session.cookie);
  const { id } = world.db.query<{ id: string }, []>('SELECT id FROM sessions').get() ?? { id: '' };
  expect(await world.service.viewers.fromCookie(id, visitor.address)).toBeUndefined();
  expect(await world.service.viewers.fromCookie(session.sessionId, visitor.address)).toBeUndefined();
});

test('signing in never keeps a session id that the browser came with', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  const planted = await signIn(world);
  const fresh = await signIn(world, 'anna@example.org', planted.cookie);
  expect(fresh.cookie).not.toBe(planted.cookie);
  expect(await world.service.viewers.fromCookie(planted.cookie, visitor.address)).toBeUndefined();
  expect(await world.service.viewers.fromCookie('abcdefghijklmnopqrstuvwxyz234567', visitor.address)).toBeUndefined();
});

test('a session ends when it is not used, and lives on when it is', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  const idle = await signIn(world);
  const used = await signIn(world);
  world.clock.advance(days(16));
  const renewed = await world.service.viewers.fromCookie(used.cookie, visitor.address);
  expect(renewed?.renewedUntil).toBeWithin(world.clock.now() + days(30) - 1000, world.clock.now() + days(30) + 1000);
  world.clock.advance(days(15));
  expect(await world.service.viewers.fromCookie(idle.cookie, visitor.address)).toBeUndefined();
  expect(await world.service.viewers.fromCookie(used.cookie, visitor.address)).toBeDefined();
  world.clock.advance(days(31));
  expect(await world.service.viewers.fromCookie(used.cookie, visitor.address)).toBeUndefined();
  await world.service.tidy();
  expect(world.db.query('SELECT count(*) AS n FROM sessions').get()).toEqual({ n: 0 });
});

test('guessing is limited by account and address; the owner at another address still gets in', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  const guess = (address: string) =>
    world.service.signIn.signIn({ email: 'anna@example.org', password: 'wrong wrong' }, { ...visitor, address });
  for (let i = 0; i < 6; i += 1) expect((await guess('10.0.0.66')).ok).toBe(false);
  const before = world.passwords.verifications;
  const refused = await guess('10.0.0.66');
  expect(!refused.ok && refused.error.code).toBe('rate_limited');
  expect(!refused.ok && refused.error.retryAfterS).toBeWithin(1, 61);
  expect(world.passwords.verifications).toBe(before);
  await signIn(world);
  world.clock.advance(minutes(1));
  const later = await guess('10.0.0.66');
  expect(!later.ok && later.error.code).toBe('unauthenticated');
});

test('whoever guesses from many addresses does not keep the owner out where they were before', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  await signIn(world);
  const guess = (address: string, password = 'wrong wrong') =>
    world.service.signIn.signIn({ email: 'anna@example.org', password }, { ...visitor, address });
  for (let i = 0; i < 10; i += 1) for (let tries = 0; tries < 5; tries += 1) await guess(`10.0.0.${i}`);
  expect((await guess('10.0.1.1', goodPassword)).ok).toBe(false);
  await signIn(world);
  // There guessing is limited all the same.
  for (let i = 0; i < 6; i += 1) await guess(visitor.address);
  const refused = await guess(visitor.address, goodPassword);
  expect(!refused.ok && refused.error.code).toBe('rate_limited');
});

test('many accounts from one address are limited too', async () => {
  const world = accountsWorld();
  let refusals = 0;
  for (let i = 0; i < 40; i += 1) {
    const result = await world.service.signIn.signIn(
      { email: `user${i}@example.org`, password: 'wrong wrong' },
      visitor,
    );
    if (!result.ok && result.error.code === 'rate_limited') refusals += 1;
  }
  expect(refusals).toBe(10);
});

test('the record holds failures, but never what was typed', async () => {
  const world = accountsWorld();
  await world.person('anna@example.org');
  await world.service.signIn.signIn({ email: 'my secret passphrase', password: 'x' }, visitor);
  await world.service.signIn.signIn({ email: 'anna@example.org', password: 'a wrong secret' }, visitor);
  const entries = world.service.audit.list();
  expect(entries.slice(0, 2).map((e) => [e.action, e.subjectLabel, e.address])).toEqual([
    ['signIn.failed', 'anna@example.org', visitor.address],
    ['signIn.failed', '', visitor.address],
  ]);
  expect(JSON.stringify(entries)).not.toContain('secret');
});

test('sessions are listed and ended one by one or all at once; those of others are not there', async () => {
  const world = accountsWorld();
  const { viewer, user } = await world.person('anna@example.org');
  const { viewer: other } = await world.person('ben@example.org');
  const [a, b, c] = [await signIn(world), await signIn(world), await signIn(world)];
  expect(world.service.signIn.sessionsOf(viewer)).toHaveLength(3);
  expect(world.service.signIn.endSession(other, a.sessionId, visitor.address).ok).toBe(false);
  const ended: unknown[] = [];
  world.service.onChange((change) => ended.push(change));
  unwrap(world.service.signIn.endSession(viewer, a.sessionId, visitor.address));
  expect(ended).toEqual([{ kind: 'sessionsEnded', userId: user.id, sessionIds: [a.sessionId] }]);
  const mine = { ...viewer, via: { kind: 'session' as const, sessionId: b.sessionId } };
  expect(world.service.signIn.endOthers(mine, visitor.address)).toBe(1);
  expect(await world.service.viewers.fromCookie(c.cookie, visitor.address)).toBeUndefined();
  expect(await world.service.viewers.fromCookie(b.cookie, visitor.address)).toBeDefined();
});

test('one person has at most thirty sessions; the one that was quiet longest ends', async () => {
  const world = accountsWorld();
  const { viewer } = await world.person('anna@example.org');
  const first = await signIn(world);
  for (let i = 0; i < 30; i += 1) {
    world.clock.advance(minutes(1));
    await signIn(world);
  }
  expect(world.service.signIn.sessionsOf(viewer)).toHaveLength(30);
  expect(await world.service.viewers.fromCookie(first.cookie, visitor.address)).toBeUndefined();
});

test('a switched-off account neither signs in nor goes on', async () => {
  const world = accountsWorld();
  const { viewer } = await world.person('over@example.org', 'overseer');
  const { user } = await world.person('anna@example.org');
  const session = await signIn(world);
  const token = unwrap(world.service.addToken({ email: 'anna@example.org', name: 'script', scope: 'read' }));
  unwrap(world.service.users.update(viewer, user.id, { isActive: false }, visitor.address));
  expect(await world.service.viewers.fromCookie(session.cookie, visitor.address)).toBeUndefined();
  expect(world.service.verifyToken(token, visitor.address)).toBeUndefined();
  const result = await world.service.signIn.signIn({ email: 'anna@example.org', password: goodPassword }, visitor);
  expect(!result.ok && result.error.code).toBe('forbidden');
});

test('a hash with old parameters is made anew at the next sign-in', async () => {
  const world = accountsWorld();
  const { user } = await world.person('anna@example.org');
  const old = await Bun.password.hash(goodPassword, { algorithm: 'argon2id', memoryCost: 16, timeCost: 1 });
  world.db.query('UPDATE users SET password_hash = ? WHERE id = ?').run(old, user.id);
  await signIn(world);
  const row = world.db
    .query<{ hash: string }, [string]>('SELECT password_hash AS hash FROM users WHERE id = ?')
    .get(user.id);
  expect(row?.hash).toStartWith('$argon2id$v=19$m=8,t=1,');
  await signIn(world);
});

test('who is switched off, deleted or given another password while theirs is looked at gets no session', async () => {
  const world = accountsWorld();
  const { viewer: over } = await world.person('over@example.org', 'overseer');
  const { viewer: anna } = await world.person('anna@example.org');
  const asAnna = () => world.service.signIn.signIn({ email: 'anna@example.org', password: goodPassword }, visitor);
  const verify = world.passwords.verify.bind(world.passwords);
  const meanwhile = (change: () => unknown) => {
    world.passwords.verify = async (password, hash) => {
      const isRight = await verify(password, hash);
      await change();
      return isRight;
    };
  };
  const edit = (isActive: boolean) => world.service.users.update(over, anna.userId, { isActive }, visitor.address);
  meanwhile(() => edit(false));
  expect((await asAnna()).ok).toBeFalse();
  edit(true);
  world.passwords.verify = verify;
  await signIn(world);
  meanwhile(() => world.service.resetPassword({ email: 'anna@example.org', password: 'quite another long one 8' }));
  expect((await asAnna()).ok).toBeFalse();
  world.passwords.verify = verify;
  expect((await asAnna()).ok).toBeFalse();
  expect(world.service.signIn.sessionsOf(anna)).toEqual([]);
});
