import { describe, expect, test } from 'bun:test';
import { days } from '../core/durations.ts';
import { unwrap } from '../core/result.ts';
import { accountsWorld, goodPassword, visitor } from '../testing/accounts.ts';

const from = visitor.address;

describe('roles', () => {
  test('an Admin sees, changes and deletes everybody but Overseers, who are not there for them', async () => {
    const world = accountsWorld();
    const { user: over } = await world.person('over@example.org', 'overseer');
    const { viewer: admin } = await world.person('admin@example.org', 'admin');
    const { user } = await world.person('anna@example.org');
    const { users } = world.service;
    expect(users.list(admin).map((u) => u.email)).not.toContain('over@example.org');
    const tries = [
      users.get(admin, over.id),
      users.update(admin, over.id, { role: 'user' }, from),
      users.invite(admin, over.id, from),
      await users.delete(admin, over.id, over.email, from),
    ];
    expect(tries.map((t) => (t.ok ? 'ok' : t.error.code))).toEqual(Array(4).fill('not_found'));
    const up = users.update(admin, user.id, { role: 'overseer' }, from);
    expect(!up.ok && up.error.field).toBe('role');
    expect(unwrap(users.update(admin, user.id, { role: 'admin' }, from)).role).toBe('admin');
    const wish = { name: 'X', email: 'x@example.org', role: 'overseer', password: goodPassword };
    expect((await users.create(admin, wish, from)).ok).toBe(false);
  });

  test('a User manages nobody', async () => {
    const world = accountsWorld();
    const { viewer, user } = await world.person('anna@example.org');
    expect(world.service.users.list(viewer)).toEqual([]);
    expect(world.service.users.get(viewer, user.id).ok).toBe(false);
  });

  test('the last Overseer stays, whoever asks and however', async () => {
    const world = accountsWorld();
    const { user: over, viewer } = await world.person('over@example.org', 'overseer');
    const self = world.service.users.update(viewer, over.id, { role: 'user' }, from);
    expect(!self.ok && self.error.code).toBe('conflict');
    const gone = await world.service.users.delete(viewer, over.id, over.email, from);
    expect(!gone.ok && gone.error.message).toContain('last Overseer');
    const sql = [
      `DELETE FROM users WHERE id = '${over.id}'`,
      `UPDATE users SET role = 'user'`,
      `UPDATE users SET is_active = 0`,
    ];
    for (const statement of sql) expect(() => world.db.exec(statement)).toThrow('the last Overseer stays');
    const { user: second, viewer: secondViewer } = await world.person('two@example.org', 'overseer');
    unwrap(await world.service.users.delete(secondViewer, over.id, over.email, from));
    expect((await world.service.users.delete(secondViewer, second.id, second.email, from)).ok).toBe(false);
  });

  test('nobody takes rights from themselves by mistake', async () => {
    const world = accountsWorld();
    await world.person('over@example.org', 'overseer');
    const { viewer } = await world.person('admin@example.org', 'admin');
    expect(world.service.users.update(viewer, viewer.userId, { isActive: false }, from).ok).toBe(false);
    expect(world.service.users.update(viewer, viewer.userId, { role: 'user' }, from).ok).toBe(false);
  });
});

test('two browsers that edit the same person: the second is told', async () => {
  const world = accountsWorld();
  const { viewer } = await world.person('over@example.org', 'overseer');
  const { user } = await world.person('anna@example.org');
  unwrap(world.service.users.update(viewer, user.id, { name: 'Anna One', version: user.version }, from));
  const second = world.service.users.update(viewer, user.id, { name: 'Anna Two', version: user.version }, from);
  expect(!second.ok && second.error.code).toBe('stale');
  expect(world.service.user(user.id)?.name).toBe('Anna One');
});

describe('deleting a user', () => {
  test('removes what is theirs through the hooks first, then the account, and empties the record of the name', async () => {
    const world = accountsWorld();
    const { viewer } = await world.person('over@example.org', 'overseer');
    const { user } = await world.person('anna@example.org');
    unwrap(await world.service.signIn.signIn({ email: 'anna@example.org', password: goodPassword }, visitor));
    const token = unwrap(world.service.addToken({ email: 'anna@example.org', name: 'script', scope: 'write' }));
    const seen: string[] = [];
    world.service.users.onUserDelete(async (id) => {
      const rows = world.db.query('SELECT id FROM users WHERE id = ?').all(id).length;
      seen.push(`${id === user.id} ${rows} ${world.service.user(id)}`);
    });
    const wrong = await world.service.users.delete(viewer, user.id, 'somebody@example.org', from);
    expect(!wrong.ok && wrong.error.field).toBe('confirmation');
    expect(seen).toEqual([]);
    unwrap(await world.service.users.delete(viewer, user.id, ' Anna@example.org', from));
    expect(seen).toEqual(['true 1 undefined']);
    expect(world.service.verifyToken(token, from)).toBeUndefined();
    const everything = ['users', 'sessions', 'access_tokens', 'password_links', 'audit_log'].map((t) =>
      world.db.query(`SELECT * FROM ${t}`).all(),
    );
    expect(JSON.stringify(everything)).not.toContain('anna@example.org');
    expect(world.service.audit.list()[0]).toMatchObject({ action: 'user.deleted', subjectId: user.id });
  });

  test('goes on after a failure or a restart; meanwhile the account can do nothing', async () => {
    const world = accountsWorld();
    const { viewer } = await world.person('over@example.org', 'overseer');
    const { user } = await world.person('anna@example.org');
    let isBroken = true;
    world.service.users.onUserDelete(async () => {
      if (isBroken) throw new Error('the telemetry is locked');
    });
    unwrap(await world.service.users.delete(viewer, user.id, user.email, from));
    expect(world.service.listUsers().map((u) => u.email)).toEqual(['over@example.org']);
    expect((await world.service.signIn.signIn({ email: user.email, password: goodPassword }, visitor)).ok).toBe(false);
    expect(world.db.query('SELECT count(*) AS n FROM users').get()).toEqual({ n: 2 });
    isBroken = false;
    await world.jobs.runAll();
    expect(world.db.query('SELECT count(*) AS n FROM users').get()).toEqual({ n: 1 });
  });
});

test('an address has one account, in whatever spelling', async () => {
  const world = accountsWorld();
  await world.person('anna@bücher.example');
  const again = await world.service.addUser({
    email: 'ANNA@xn--bcher-kva.example',
    password: goodPassword,
    role: 'user',
  });
  expect(!again.ok && again.error).toMatchObject({ code: 'conflict', field: 'email' });
});

describe('access tokens', () => {
  test('are shown once, stored as a hash, and stand for their owner with their scope', async () => {
    const world = accountsWorld();
    const { viewer } = await world.person('anna@example.org');
    const { token, secret } = unwrap(
      world.service.tokens.create(viewer, { name: 'HA', scope: 'read', expiresInDays: null }, from),
    );
    expect(secret).toMatch(/^amp_[A-Za-z0-9_-]{43}$/);
    expect(JSON.stringify(world.db.query('SELECT * FROM access_tokens').all())).not.toContain(secret);
    expect(world.service.verifyToken(secret, from)?.via).toEqual({ kind: 'token', tokenId: token.id, scope: 'read' });
    expect(world.service.tokens.list(viewer)[0]).toMatchObject({
      lastUsedAt: world.clock.now(),
      lastUsedAddress: from,
    });
    unwrap(world.service.tokens.revoke(viewer, token.id, from));
    expect(world.service.verifyToken(secret, from)).toBeUndefined();
  });

  test('end when they are said to', async () => {
    const world = accountsWorld();
    const { viewer } = await world.person('anna@example.org');
    const { secret } = unwrap(
      world.service.tokens.create(viewer, { name: 'HA', scope: 'read', expiresInDays: 30 }, from),
    );
    world.clock.advance(days(30) - 1);
    expect(world.service.verifyToken(secret, from)).toBeDefined();
    world.clock.advance(1);
    expect(world.service.verifyToken(secret, from)).toBeUndefined();
  });

  test('of others cannot be seen or revoked', async () => {
    const world = accountsWorld();
    const { viewer } = await world.person('anna@example.org');
    const { viewer: ben } = await world.person('ben@example.org');
    const { token } = unwrap(
      world.service.tokens.create(viewer, { name: 'HA', scope: 'read', expiresInDays: null }, from),
    );
    expect(world.service.tokens.list(ben)).toEqual([]);
    const tried = world.service.tokens.revoke(ben, token.id, from);
    expect(!tried.ok && tried.error.code).toBe('not_found');
  });

  test('make no token that may more, and a User has none of scope admin', async () => {
    const world = accountsWorld();
    const { viewer } = await world.person('admin@example.org', 'admin');
    const program = { ...viewer, via: { kind: 'token' as const, tokenId: 't', scope: 'write' as const } };
    const more = world.service.tokens.create(program, { name: 'x', scope: 'admin', expiresInDays: null }, from);
    expect(!more.ok && more.error.code).toBe('forbidden');
    await world.person('anna@example.org');
    expect(world.service.addToken({ email: 'anna@example.org', name: 'x', scope: 'admin' }).ok).toBe(false);
  });

  test('wrong ones are limited by address, right ones are not', async () => {
    const world = accountsWorld();
    await world.person('anna@example.org');
    const secret = unwrap(world.service.addToken({ email: 'anna@example.org', name: 'x', scope: 'read' }));
    for (let i = 0; i < 200; i += 1) expect(world.service.verifyToken(secret, from)).toBeDefined();
    for (let i = 0; i < 30; i += 1) world.service.verifyToken(`amp_${'x'.repeat(43)}`, '10.0.0.66');
    expect(world.service.verifyToken(secret, '10.0.0.66')).toBeUndefined();
    expect(world.service.verifyToken(secret, from)).toBeDefined();
  });
});

test('the record is bounded in number and age', async () => {
  const world = accountsWorld();
  for (let i = 0; i < 2400; i += 1) world.service.audit.record({ actor: null, action: 'signIn.failed' });
  const { n } = world.db.query<{ n: number }, []>('SELECT count(*) AS n FROM audit_log').get() ?? { n: 0 };
  expect(n).toBeWithin(2000, 2201);
  world.clock.advance(days(401));
  await world.service.tidy();
  expect(world.service.audit.list()).toEqual([]);
});
