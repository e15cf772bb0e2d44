import { expect, test } from 'bun:test';
import { LongPosts } from './long-posts.ts';

const MEGABYTE = 1024 * 1024;

test('long posts are read one after the other, each when there is room; short ones do not wait', async () => {
  const said: string[] = [];
  let makeRoom: () => void = () => undefined;
  const posts = new LongPosts({
    room: () => {
      said.push('room?');
      return new Promise((resolve) => {
        makeRoom = resolve;
      });
    },
    wait: async () => void said.push('rest'),
  });
  const read = (name: string, bytes: number) =>
    posts.run(bytes, async () => {
      said.push(name);
      await Bun.sleep(1);
      return name;
    });
  const first = read('first', MEGABYTE);
  const second = read('second', MEGABYTE);
  expect(await read('short', 1000)).toBe('short');
  makeRoom();
  expect(await first).toBe('first');
  await Bun.sleep(5);
  makeRoom();
  expect(await second).toBe('second');
  expect(said.filter((word) => word !== 'short')).toEqual(['room?', 'first', 'rest', 'room?', 'second', 'rest']);
});

test('one that fails does not stop the next', async () => {
  const posts = new LongPosts({ wait: () => Promise.resolve() });
  const failed = posts.run(MEGABYTE, () => Promise.reject(new Error('broken')));
  const next = posts.run(MEGABYTE, () => Promise.resolve('read'));
  expect(await failed.catch((error: Error) => error.message)).toBe('broken');
  expect(await next).toBe('read');
});
