import { expect, test } from 'bun:test';
import { createServer, type Server, type Socket } from 'node:net';
import { relationalMigrations } from '../../migrations/relational/index.ts';
import { systemClock } from '../core/clock.ts';
import { JobTable } from './jobs.sqlite.ts';
import { JobRunner } from './jobs.ts';
import { silentLog } from './log.ts';
import { SmtpMailer } from './mail.ts';
import { migrateSqlite } from './migrate.ts';
import { openSqlite } from './sqlite.ts';

interface Received {
  from: string;
  to: string[];
  data: string;
  login: string;
}

/** A small SMTP server (RFC 5321) that speaks as much as a mail needs; `refuse` answers the first mails with 451. */
class TestSmtp {
  readonly received: Received[] = [];
  attempts = 0;
  private server: Server | null = null;
  constructor(private readonly refuse = 0) {}

  async start(): Promise<number> {
    const server = createServer((socket) => this.talk(socket));
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address ? address.port : 0;
  }

  stop(): void {
    this.server?.close();
  }

  private talk(socket: Socket): void {
    let mail: Received = { from: '', to: [], data: '', login: '' };
    let isData = false;
    let rest = '';
    const say = (line: string) => socket.write(`${line}\r\n`);
    say('220 test ESMTP');
    const line = (text: string) => {
      if (isData) {
        if (text !== '.') {
          mail.data += `${text.startsWith('..') ? text.slice(1) : text}\n`;
          return;
        }
        isData = false;
        this.received.push(mail);
        mail = { from: '', to: [], data: '', login: mail.login };
        say('250 taken');
        return;
      }
      const verb = text.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') socket.write('250-test\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n');
      else if (verb === 'AUTH') {
        mail.login = Buffer.from(text.split(' ')[2] ?? '', 'base64')
          .toString()
          .split('\0')
          .slice(1)
          .join(':');
        say('235 welcome');
      } else if (verb === 'MAIL') {
        this.attempts += 1;
        mail.from = text.slice(10);
        say(this.attempts <= this.refuse ? '451 try again later' : '250 ok');
      } else if (verb === 'RCPT') {
        mail.to.push(text.slice(8));
        say('250 ok');
      } else if (verb === 'DATA') {
        isData = true;
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else say('250 ok');
    };
    socket.on('data', (chunk) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const one of lines) line(one);
    });
    socket.on('error', () => undefined);
  }
}

function jobRunner(backOffMs = 20): JobRunner {
  const db = openSqlite(':memory:');
  migrateSqlite(db, relationalMigrations, Date.now);
  return new JobRunner({ table: new JobTable(db), clock: systemClock, log: silentLog, backOffMs });
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !isTrue(); i += 1) await Bun.sleep(20);
}

test('a queued mail reaches the server, with login, sender and text, and no other recipient', async () => {
  const server = new TestSmtp();
  const port = await server.start();
  const jobs = jobRunner();
  const mailer = new SmtpMailer({
    smtpUrl: `smtp://ada:pass%20word@127.0.0.1:${port}`,
    from: 'Ampra <ampra@example.org>',
    jobs,
  });
  mailer.defineJobs();
  await jobs.start();
  mailer.enqueue({ to: 'anna@example.org', subject: 'Grüße', text: 'Line one\n.dot\nDie Batterie ist voll.\n' });
  await until(() => server.received.length > 0);
  await jobs.stop();
  mailer.stop();
  server.stop();
  const [mail] = server.received;
  expect(mail?.login).toBe('ada:pass word');
  expect(mail?.from).toStartWith('<ampra@example.org>');
  expect(mail?.to).toEqual(['<anna@example.org>']);
  expect(mail?.data).toContain('From: Ampra <ampra@example.org>');
  expect(mail?.data).toContain('To: anna@example.org');
  expect(mail?.data).toContain('Auto-Submitted: auto-generated');
  expect(mail?.data).toContain('.dot\n');
  expect(mail?.data).toContain('Die Batterie ist voll.');
});

test('a server that is busy gets the mail later', async () => {
  const server = new TestSmtp(2);
  const port = await server.start();
  const jobs = jobRunner();
  const mailer = new SmtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'ampra@example.org', jobs });
  mailer.defineJobs();
  await jobs.start();
  mailer.enqueue({ to: 'anna@example.org', subject: 'Hello', text: 'Hello' });
  await until(() => server.received.length > 0);
  await until(() => jobs.list({ state: 'succeeded' }).length > 0);
  await jobs.stop();
  mailer.stop();
  server.stop();
  expect(server.attempts).toBe(3);
  expect(jobs.list({ state: 'succeeded' })).toHaveLength(1);
});

test('a mail server that is not there fails the job with a reason, and nothing else', async () => {
  const jobs = jobRunner();
  const mailer = new SmtpMailer({ smtpUrl: 'smtp://127.0.0.1:9', from: 'ampra@example.org', jobs });
  await expect(mailer.send({ to: 'anna@example.org', subject: 'x', text: 'x' })).rejects.toThrow();
  mailer.stop();
});

test('a server that accepts and says nothing does not hold the job for ever', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const patience = { connectionTimeout: 200, greetingTimeout: 200, socketTimeout: 200 };
  const options = { smtpUrl: `smtp://127.0.0.1:${port}`, from: 'ampra@example.org', jobs: jobRunner(), patience };
  const mailer = new SmtpMailer(options);
  await expect(mailer.send({ to: 'anna@example.org', subject: 'x', text: 'x' })).rejects.toThrow();
  mailer.stop();
  silent.close();
});

test('an address cannot smuggle in a header or a second recipient', async () => {
  const server = new TestSmtp();
  const port = await server.start();
  const mailer = new SmtpMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'ampra@example.org', jobs: jobRunner() });
  const to = 'anna@example.org\r\nBcc: eve@example.org';
  await mailer.send({ to, subject: 'x\r\nBcc: eve@example.org', text: 'x' }).catch(() => undefined);
  mailer.stop();
  server.stop();
  for (const mail of server.received) {
    expect(mail.to.join()).not.toContain('eve@');
    expect(mail.data).not.toMatch(/^Bcc:/m);
  }
});
