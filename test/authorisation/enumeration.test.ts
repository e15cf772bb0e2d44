import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { unwrap } from '../../src/core/result.ts';
import { signBody } from '../../src/ingest/webhook/webhook-signature.ts';
import { connectPacket, RawClient } from '../../src/mqtt/testing/raw-client.ts';
import { type Answer, House, withoutTokens } from './house.ts';

/**
 * What a stranger asks tells nothing about who and what there is: the answers are the same to the letter. That they cost
 * the same is counted where the work is done (`sign-in-service.test.ts`, `verification-service.test.ts`).
 */
let house: House;
let source: { id: string; secret: string };
beforeAll(async () => {
  house = await House.start();
  const wish = { name: 'Roof', latitude: 1, longitude: 1, timeZone: 'UTC' };
  const made = unwrap(await house.app.features.sources.service.create(house.viewer('owner'), wish));
  source = { id: made.source.id, secret: made.webhookSecret };
  unwrap(house.app.features.accounts.service.registration.setOpen(house.viewer('Overseer'), true, 'test'));
});
afterAll(() => house?.dispose());

/** An answer without what is random in each, and without what was typed. */
function bare({ status, headers, text, location }: Answer, ...said: string[]): string {
  const kept = [...headers].filter(([name]) => !['x-request-id', 'date'].includes(name));
  let plain = JSON.stringify([status, location, kept, text]);
  for (const word of said)
    for (const form of [word, encodeURIComponent(word), encodeURIComponent(encodeURIComponent(word))])
      plain = plain.replaceAll(form, 'TYPED');
  return withoutTokens(plain)
    .replace(/(ampra_(?:visitor|ticket))=[0-9a-f]+/g, '$1=RANDOM')
    .replace(/"requestId\\*":\\*"[0-9a-f-]+/g, 'ID');
}

/** All the same; says which differs. */
function expectAlike(answers: Record<string, string>): void {
  const [first] = Object.values(answers);
  expect(Object.entries(answers).filter(([, answer]) => answer !== first)).toEqual([]);
}

const emails = {
  'somebody known': () => house.viewer('owner').email,
  'an Overseer': () => house.viewer('Overseer').email,
  nobody: () => 'nobody.at.all@example.org',
};

async function withEmails(ask: (email: string) => Promise<Answer>): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const [who, email] of Object.entries(emails)) answers[who] = bare(await ask(email()), email());
  return answers;
}

describe('a stranger learns nothing', () => {
  test('from signing in with a wrong password', async () => {
    const form = { password: 'not the password', next: '/' };
    expectAlike(await withEmails((email) => house.ask('nobody', 'POST', '/login', { form: { ...form, email } })));
  });

  test('from asking for a new password', async () => {
    const answers = await withEmails((email) => house.ask('nobody', 'POST', '/forgot', { form: { email } }));
    expectAlike(answers);
    expect(answers.nobody).toStartWith('[303,"/reset"');
  });

  test('from registering, and from typing a code afterwards', async () => {
    const form = { name: 'Somebody', password: 'kettle garden seven' };
    const tickets = new Map<string, string>();
    const answers = await withEmails(async (email) => {
      const answer = await house.ask('nobody', 'POST', '/register', { form: { ...form, email } });
      tickets.set(email, /ampra_ticket=([0-9a-f]+)/.exec(answer.headers.getSetCookie().join())?.[1] ?? '');
      return answer;
    });
    expectAlike(answers);
    expect(answers.nobody).toStartWith('[303,"/verify"');
    for (const path of ['/verify', '/verify/resend']) {
      const after = await withEmails((email) => {
        const headers = { Cookie: `ampra_ticket=${tickets.get(email)}` };
        return house.ask('nobody', 'POST', path, { form: { code: '000000' }, headers });
      });
      expectAlike(after);
    }
  });

  test('from codes and links that somebody made up', async () => {
    const links = ['ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 'nonsensical', 'ABCDEFGHJKLM'];
    expectAlike(
      Object.fromEntries(
        await Promise.all(
          links.map(async (code) => [code, bare(await house.ask('nobody', 'GET', `/invite/${code}`), code)]),
        ),
      ),
    );
  });

  test('from access tokens, whether they were ever good or not', async () => {
    const { service } = house.app.features.accounts;
    const wish = { name: 'Program', scope: 'read', expiresInDays: null } as const;
    const { secret, token } = unwrap(service.tokens.create(house.viewer('owner'), wish, 'test'));
    unwrap(service.tokens.revoke(house.viewer('owner'), token.id, 'test'));
    const ask = async (bearer: string) =>
      bare(await house.send('GET', '/api/v1/me', { headers: { Authorization: `Bearer ${bearer}` } }));
    expectAlike({
      revoked: await ask(secret),
      invented: await ask(`amp_${'x'.repeat(43)}`),
      nonsense: await ask('nonsensical'),
    });
  });

  test('from webhooks: a source that is there answers a wrong signature as one that is not', async () => {
    const timestamp = String(Math.floor(house.clock.now() / 1000));
    const body = new TextEncoder().encode('{"solarPower":5}');
    const ask = async (id: string) => {
      const signature = await signBody('wrong', timestamp, body);
      const headers = { 'X-Ampra-Timestamp': timestamp, 'X-Ampra-Signature': signature };
      return bare(await house.send('POST', `/hooks/${id}`, { raw: body, headers }), id);
    };
    expectAlike({
      there: await ask(source.id),
      gone: await ask(crypto.randomUUID()),
      nonsense: await ask('nonsensical'),
    });
  });

  test('from logging in to the broker, byte by byte', async () => {
    const login = async (user: string, version: 4 | 5) => {
      const raw = await RawClient.open(house.app.features.broker.ports().tcp);
      raw.send(connectPacket({ user, password: 'f'.repeat(64), version }));
      const connack = await raw.next(2, 20_000);
      await raw.closed(20_000);
      return connack.body.toString('hex');
    };
    for (const version of [4, 5] as const)
      expectAlike({
        'a source that is there': await login(source.id, version),
        'a source that is not': await login(crypto.randomUUID(), version),
        nonsense: await login('x', version),
      });
  });
});
