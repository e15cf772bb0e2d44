import { expect, test } from 'bun:test';
import { Backlog } from './backlog-service.ts';

/** A sink with room for `room` deliveries between two flushes. */
function makeSink(room: number) {
  const sink = {
    used: 0,
    flushes: 0,
    isBroken: false,
    isSaturated: () => sink.used >= room,
    flush: async () => {
      await Bun.sleep(1);
      if (sink.isBroken) throw new Error('the disk is full');
      sink.flushes++;
      sink.used = 0;
    },
  };
  return sink;
}

test('what finds no room waits in order until the database has written', async () => {
  const sink = makeSink(3);
  const backlog = new Backlog(sink);
  const delivered: number[] = [];
  await new Promise<void>((resolve) => {
    for (let i = 0; i < 10; i++) {
      const deliver = () => {
        sink.used++;
        delivered.push(i);
        if (i === 9) resolve();
      };
      if (backlog.mustWait()) backlog.add(deliver);
      else deliver();
    }
    expect(delivered).toEqual([0, 1, 2]);
  });
  expect(delivered).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(sink.flushes).toBe(3);
});

test('a database that does not write lets go of what waits and takes nothing more until it writes again', async () => {
  const sink = makeSink(1);
  sink.isBroken = true;
  sink.used = 1;
  const backlog = new Backlog(sink);
  expect(backlog.mustWait()).toBe(true);
  expect(backlog.isFull()).toBe(false);
  await new Promise<void>((resolve) => backlog.add(resolve));
  expect(backlog.isFull()).toBe(true);
  sink.used = 0;
  expect(backlog.isFull()).toBe(false);
  expect(backlog.mustWait()).toBe(false);
});

test('more than senders who wait could cause is refused', () => {
  const sink = makeSink(0);
  const backlog = new Backlog(sink);
  for (let i = 0; i < 20_000; i++) backlog.add(() => {});
  expect(backlog.isFull()).toBe(true);
});
