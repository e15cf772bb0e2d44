import { beforeEach, describe, expect, test } from 'bun:test';
import { minutes, seconds } from '../core/durations.ts';
import { unwrap } from '../core/result.ts';
import { type AccountsWorld, accountsWorld, goodPassword, visitor } from '../testing/accounts.ts';
import type { Viewer } from './viewer.ts';

let world: AccountsWorld;
let overseer: Viewer;
const anna = { name: 'Anna', email: 'anna@example.org', password: goodPassword };
const from = visitor.address;

beforeEach(async () => {
  world = accountsWorld({ hasMail: true });
  overseer = (await world.person('over@example.org', 'overseer')).viewer;
  unwrap(world.service.registration.setOpen(overseer, true, from));
});

async function register(typed = anna): Promise<string> {
  const { ticket } = unwrap(await world.service.registration.register(typed, from));
  await world.jobs.runAll();
  return ticket;
}
const confirm = (ticket: string, code: string) => world.service.verification.confirm(ticket, code, from);
const wrongFor = (code: string) => (code === '000000' ? '111111' : '000000');
const signIn = (password = goodPassword) => world.service.signIn.signIn({ email: anna.email, password }, visitor);

describe('registration', () => {
  test('is off until an admin switches it on, and needs mail', async () => {
    const fresh = accountsWorld({ hasMail: true });
    expect((await fresh.service.registration.register(anna, from)).ok).toBe(false);
    const mute = accountsWorld();
    const { viewer } = await mute.person('over@example.org', 'overseer');
    const result = mute.service.registration.setOpen(viewer, true, from);
    expect(!result.ok && result.error.code).toBe('conflict');
    const { viewer: user } = await world.person('ben@example.org');
    expect(world.service.registration.setOpen(user, true, from).ok).toBe(false);
  });

  test('ends with the mailed code; before it nobody is signed in', async () => {
    const ticket = await register();
    const early = unwrap(await signIn());
    expect(early.kind).toBe('unverified');
    const late = early.kind === 'unverified' ? early.ticket : ticket;
    unwrap(confirm(late, world.mailbox.codeFor(anna.email)));
    expect(unwrap(await signIn()).kind).toBe('signedIn');
  });

  test('answers a taken address like a free one, at the same cost, and tells its owner by mail', async () => {
    await world.person('ben@example.org');
    const cost = async (email: string) => {
      const before = world.passwords.hashes + world.passwords.verifications;
      const result = await world.service.registration.register({ ...anna, email }, from);
      return [result.ok, world.passwords.hashes + world.passwords.verifications - before, world.jobs.queued.length];
    };
    const free = await cost('new@example.org');
    world.jobs.queued.length = 0;
    expect(await cost('ben@example.org')).toEqual(free);
    await world.jobs.runAll();
    expect(world.mailbox.mails.map((m) => [m.to, m.subject])).toEqual([
      ['ben@example.org', 'You already have an Ampra account'],
    ]);
  });

  test('a ticket for a taken address behaves like a real one: wrong, wrong, ..., locked', async () => {
    await world.person('ben@example.org');
    const outcomes = (ticket: string) =>
      Array.from({ length: 6 }, () => {
        const result = confirm(ticket, '123450');
        return result.ok ? 'ok' : `${result.error.code} ${result.error.message}`;
      });
    const decoy = await register({ ...anna, email: 'ben@example.org' });
    const real = await register();
    if (world.mailbox.codeFor(anna.email) === '123450') return;
    expect(outcomes(decoy)).toEqual(outcomes(real));
    const [a, b] = [world.service.verification.resend(decoy, from), world.service.verification.resend(real, from)];
    expect(a).toEqual(b);
  });

  test('nobody can plant a password on an address and wait for its owner to type the code', async () => {
    await register({ ...anna, password: 'the planted password' });
    const ownTicket = await register();
    await register({ ...anna, password: 'the planted password' });
    const codeOfAttack = world.mailbox.codeFor(anna.email);
    expect(confirm(ownTicket, codeOfAttack).ok).toBe(false);
  });
});

describe('the code', () => {
  test('is good for ten minutes', async () => {
    const ticket = await register();
    const code = world.mailbox.codeFor(anna.email);
    world.clock.advance(minutes(10));
    const late = confirm(ticket, code);
    expect(!late.ok && late.error.message).toContain('expired');
  });

  test('a late mail is as good as a quick one: its ten minutes begin when it goes out', async () => {
    const { ticket } = unwrap(await world.service.registration.register(anna, from));
    world.clock.advance(minutes(9));
    await world.jobs.runAll();
    world.clock.advance(minutes(9));
    unwrap(confirm(ticket, world.mailbox.codeFor(anna.email)));
  });

  test('is sent again once a minute at most, and only the newest counts', async () => {
    const ticket = await register();
    const first = world.mailbox.codeFor(anna.email);
    world.clock.advance(seconds(59));
    const soon = world.service.verification.resend(ticket, from);
    expect(!soon.ok && soon.error).toMatchObject({ code: 'rate_limited', retryAfterS: 1 });
    world.clock.advance(seconds(1));
    unwrap(world.service.verification.resend(ticket, from));
    expect(confirm(ticket, first).ok).toBe(false);
    await world.jobs.runAll();
    unwrap(confirm(ticket, world.mailbox.codeFor(anna.email)));
  });

  test('five wrong tries lock it for a quarter of an hour, also for the right code', async () => {
    const ticket = await register();
    const code = world.mailbox.codeFor(anna.email);
    for (let i = 0; i < 4; i += 1) {
      const result = confirm(ticket, wrongFor(code));
      expect(!result.ok && result.error.code).toBe('invalid');
    }
    const fifth = confirm(ticket, wrongFor(code));
    expect(!fifth.ok && fifth.error).toMatchObject({ code: 'rate_limited', retryAfterS: 900 });
    const right = confirm(ticket, code);
    expect(!right.ok && right.error.code).toBe('rate_limited');
    expect(world.service.verification.resend(ticket, from).ok).toBe(false);
    world.clock.advance(minutes(15));
    expect(confirm(ticket, code).ok).toBe(false);
    unwrap(world.service.verification.resend(ticket, from));
    await world.jobs.runAll();
    unwrap(confirm(ticket, world.mailbox.codeFor(anna.email)));
  });

  test('asking for new codes does not give new tries', async () => {
    let ticket = await register();
    for (let i = 0; i < 4; i += 1) confirm(ticket, wrongFor(world.mailbox.codeFor(anna.email)));
    world.clock.advance(minutes(1));
    ticket = await register();
    const fifth = confirm(ticket, wrongFor(world.mailbox.codeFor(anna.email)));
    expect(!fifth.ok && fifth.error.code).toBe('rate_limited');
  });

  test('lies in no table: neither with the user nor with the job', async () => {
    const { ticket } = unwrap(await world.service.registration.register(anna, from));
    const queued = JSON.stringify(world.jobs.queued);
    await world.jobs.runAll();
    const code = world.mailbox.codeFor(anna.email);
    const users = JSON.stringify(world.db.query('SELECT * FROM users').all());
    expect(code).toHaveLength(6);
    for (const secret of [`"${code}"`, ticket]) {
      expect(users).not.toContain(secret);
      expect(queued).not.toContain(secret);
    }
  });
});

test('who never confirmed and finds the mail server gone is told whom to ask', async () => {
  const mute = accountsWorld();
  await mute.person('over@example.org', 'overseer');
  const { user } = await mute.person('ben@example.org');
  mute.db.query('UPDATE users SET verified_at_ms = NULL WHERE id = ?').run(user.id);
  const result = await mute.service.signIn.signIn({ email: user.email, password: goodPassword }, visitor);
  expect(!result.ok && result.error).toMatchObject({
    code: 'forbidden',
    hint: 'An administrator can make you a one-time link.',
  });
});

describe('a new address', () => {
  test('counts once its code was typed; until then the old one does', async () => {
    const { viewer } = await world.person('ben@example.org');
    const changed = await world.service.profile.changeEmail(
      viewer,
      { email: 'b2@example.org', password: goodPassword },
      from,
    );
    const { ticket } = unwrap(changed);
    await world.jobs.runAll();
    expect(world.service.user(viewer.userId)).toMatchObject({
      email: 'ben@example.org',
      pendingEmail: 'b2@example.org',
    });
    unwrap(confirm(ticket ?? '', world.mailbox.codeFor('b2@example.org')));
    expect(world.service.user(viewer.userId)).toMatchObject({ email: 'b2@example.org', pendingEmail: null });
  });

  test('that is taken is answered alike, and can never be confirmed', async () => {
    const { viewer } = await world.person('ben@example.org');
    await world.person('carla@example.org');
    const wish = { email: 'Carla@example.org', password: goodPassword };
    const { ticket } = unwrap(await world.service.profile.changeEmail(viewer, wish, from));
    await world.jobs.runAll();
    expect(world.mailbox.codeFor('carla@example.org')).toBe('');
    expect(confirm(ticket ?? '', '000000').ok).toBe(false);
    expect(world.service.user(viewer.userId)?.email).toBe('ben@example.org');
  });

  test('needs the password', async () => {
    const { viewer } = await world.person('ben@example.org');
    const wish = { email: 'b2@example.org', password: 'not the password' };
    const result = await world.service.profile.changeEmail(viewer, wish, from);
    expect(!result.ok && result.error.field).toBe('password');
  });
});
