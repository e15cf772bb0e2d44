import { expect, test } from 'bun:test';
import { FakeClock } from '../../testing/app.ts';
import { PostPace } from './post-pace.ts';

const MB = 1024 * 1024;

function pace() {
  const clock = new FakeClock();
  const waits: number[] = [];
  const one = new PostPace({
    clock,
    wait: async (ms) => {
      waits.push(ms);
      clock.advance(ms);
    },
  });
  return { turn: (source: string, bytes: number) => one.turn(source, bytes), waits };
}

test('full batches of one source follow each other as fast as the database writes them', async () => {
  const { turn, waits } = pace();
  for (let i = 0; i < 5; i++) await turn('s1', 8 * MB);
  expect(waits).toEqual([2000, 2000, 2000]);
});

test('full batches that come at once have their turns one after the other', async () => {
  const { turn, waits } = pace();
  await Promise.all(Array.from({ length: 5 }, () => turn('s1', 8 * MB)));
  expect(waits).toEqual([2000, 2000, 2000]);
});

test('other sources and short posts do not wait for them', async () => {
  const { turn, waits } = pace();
  for (let i = 0; i < 2; i++) await turn('s1', 8 * MB);
  await turn('s2', 8 * MB);
  for (let i = 0; i < 1000; i++) await turn('s1', 60 * 1024);
  expect(waits).toEqual([]);
});
