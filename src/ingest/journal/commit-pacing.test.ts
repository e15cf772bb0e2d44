import { describe, expect, test } from 'bun:test';
import { CommitPacing, defaultPacing } from './commit-pacing.ts';

interface Sent {
  at: number;
  ackedAt: number;
}

/** Plays senders against a journal whose commits take `commitMs`; returns when each message was sent and answered. */
function play(options: {
  seconds: number;
  commitMs?: number;
  /** When the sender sends next, given when its last message was sent and (if it is known) answered. */
  senders: { name: string; startAt: number; next: (sent: Sent) => number; waits: boolean; bytes?: number }[];
}): { sent: Map<string, Sent[]>; commits: number[] } {
  const pacing = new CommitPacing({ ...defaultPacing });
  const commitMs = options.commitMs ?? 2;
  const sent = new Map<string, Sent[]>(options.senders.map((s) => [s.name, []]));
  const commits: number[] = [];
  const nextAt = new Map(options.senders.map((s) => [s.name, s.startAt]));
  let waiting: { sender: string; message: Sent; bytes: number }[] = [];
  let flying: typeof waiting = [];
  let landsAt = Number.POSITIVE_INFINITY;
  let dueAt = Number.POSITIVE_INFINITY;
  for (let now = 0; now < options.seconds * 1000; now += 0.5) {
    if (now >= landsAt) {
      landsAt = Number.POSITIVE_INFINITY;
      for (const { sender, message } of flying.splice(0)) {
        pacing.acknowledged(sender, now);
        message.ackedAt = now;
        const who = options.senders.find((s) => s.name === sender);
        if (who?.waits) nextAt.set(sender, who.next(message));
      }
    }
    for (const who of options.senders) {
      if (now < (nextAt.get(who.name) ?? 0)) continue;
      const message = { at: now, ackedAt: Number.NaN };
      sent.get(who.name)?.push(message);
      waiting.push({ sender: who.name, message, bytes: who.bytes ?? 900 });
      nextAt.set(who.name, who.waits ? Number.POSITIVE_INFINITY : who.next(message));
      const waitingBytes = waiting.reduce((sum, w) => sum + w.bytes, 0);
      const arrival = { sender: who.name, now, waiting: waiting.length, waitingBytes, isUrgent: false };
      dueAt = Math.min(dueAt, now + pacing.arrived(arrival));
    }
    if (waiting.length > 0 && now >= dueAt && landsAt === Number.POSITIVE_INFINITY) {
      flying = waiting;
      waiting = [];
      dueAt = Number.POSITIVE_INFINITY;
      landsAt = now + commitMs;
      commits.push(now);
    }
  }
  return { sent, commits };
}

const periodic = (name: string, startAt: number, everyMs: number, bytes?: number) => ({
  name,
  startAt,
  next: (s: Sent) => s.at + everyMs,
  waits: false,
  ...(bytes !== undefined && { bytes }),
});
const awaiting = (name: string, thinkMs: number) => ({
  name,
  startAt: 0,
  next: (s: Sent) => s.ackedAt + thinkMs,
  waits: true,
});
const after = (commits: number[], ms: number) => commits.filter((c) => c >= ms).length;
const longestWait = (sent: Map<string, Sent[]>) =>
  Math.max(...[...sent.values()].flat().flatMap((s) => (Number.isNaN(s.ackedAt) ? [] : [s.ackedAt - s.at])));

describe('commit pacing', () => {
  test('ten staggered devices at one reading a second share one or two commits a second', () => {
    const senders = Array.from({ length: 10 }, (_, i) => periodic(`d${i}`, i * 97, 1000));
    const { commits, sent } = play({ seconds: 70, senders });
    expect(after(commits, 10_000) / 60).toBeLessThan(1.6);
    expect(commits.length / 70).toBeLessThan(1.8);
    expect(longestWait(sent)).toBeLessThan(800);
  });

  test('a client that awaits each answer gets hundreds a second', () => {
    for (const thinkMs of [0.5, 1, 3]) {
      const { sent } = play({ seconds: 10, senders: [awaiting('one', thinkMs)] });
      expect(sent.get('one')?.length ?? 0).toBeGreaterThan(1500 / (2 + thinkMs));
    }
  });

  test('it gets them also among ten devices, from the first second on', () => {
    const devices = Array.from({ length: 10 }, (_, i) => periodic(`d${i}`, i * 97, 1000));
    const late = { ...awaiting('one', 1), startAt: 20_000 };
    const { sent } = play({ seconds: 22, senders: [...devices, late] });
    expect(sent.get('one')?.length ?? 0).toBeGreaterThan(300);
  });

  test('a client that works slowly between answers is recognised too', () => {
    const { sent } = play({ seconds: 10, senders: [awaiting('slow', 40)] });
    expect(sent.get('slow')?.length ?? 0).toBeGreaterThan(150);
  });

  test('a stream that does not wait is not taken for one that does', () => {
    const { commits, sent } = play({ seconds: 20, senders: [periodic('stream', 0, 20, 50)] });
    expect(after(commits, 5000) / 15).toBeLessThan(3);
    expect(longestWait(sent)).toBeLessThan(800);
  });

  test('a lone device that reports each second or less often is answered at once', () => {
    for (const everyMs of [1000, 5000]) {
      const { sent } = play({ seconds: 60, senders: [periodic('lone', 0, everyMs)] });
      expect(longestWait(sent)).toBeLessThan(5);
    }
  });

  test('much to write is written at once', () => {
    const { sent } = play({ seconds: 5, senders: [periodic('batches', 0, 100, 20_000)] });
    expect(longestWait(sent)).toBeLessThan(5);
  });

  test('many small messages do not wait for the window', () => {
    const { sent } = play({ seconds: 3, senders: [periodic('tiny', 0, 0.5, 20)] });
    expect(longestWait(sent)).toBeLessThan(200);
  });

  test('urgent messages do not wait', () => {
    const pacing = new CommitPacing({ ...defaultPacing, quickBurst: 0 });
    for (let i = 0; i < 20; i++)
      pacing.arrived({ sender: 'a', now: i, waiting: i + 1, waitingBytes: 10, isUrgent: false });
    const arrival = { sender: 'b', now: 20, waiting: 21, waitingBytes: 10 };
    expect(pacing.arrived({ ...arrival, isUrgent: true })).toBe(0);
    expect(pacing.arrived({ ...arrival, isUrgent: false })).toBe(750);
  });
});
