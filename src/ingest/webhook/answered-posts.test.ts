import { expect, test } from 'bun:test';
import { AnsweredPosts } from './answered-posts.ts';

function posts(most: number) {
  let worked = 0;
  const answered = new AnsweredPosts<string[]>({ keepMs: 1000, most, weightOf: (answer) => 1 + answer.length });
  const post = (key: string, answer: string[], now = 0) =>
    answered.once(key, now, async () => {
      worked++;
      return answer;
    });
  return { answered, post, worked: () => worked };
}

test('the same post gets the same answer, for as long as it is kept', async () => {
  const { post, worked } = posts(100);
  const first = post('a', ['x']);
  expect(await post('a', ['y'])).toEqual(['x']);
  expect(await first).toEqual(['x']);
  expect(worked()).toBe(1);
  expect(await post('a', ['z'], 1001)).toEqual(['z']);
});

test('a failure is forgotten', async () => {
  const { answered, post } = posts(100);
  const failing = answered.once('a', 0, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(await post('a', ['x'])).toEqual(['x']);
});

test('answers that name much push out the oldest sooner: they are bounded together by what they hold', async () => {
  const { post, worked } = posts(10);
  await post('a', Array(7).fill('refused'));
  await post('b', []);
  expect([await post('a', []), worked()]).toEqual([Array(7).fill('refused'), 2]);
  await post('c', Array(7).fill('refused'));
  await post('d', []);
  await post('a', []);
  expect(worked()).toBe(5);
  await post('d', []);
  expect(worked()).toBe(5);
});
