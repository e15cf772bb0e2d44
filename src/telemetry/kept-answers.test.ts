import { describe, expect, test } from 'bun:test';
import { KeptAnswers } from './kept-answers.ts';

describe('an answer that is kept', () => {
  const counting = () => {
    let count = 0;
    return { work: async () => ++count, kept: new KeptAnswers<number>({ maxAgeMs: 5000, most: 2 }) };
  };

  test('is worked out once while it is young, also for those who ask meanwhile', async () => {
    const { work, kept } = counting();
    const [a, b] = [kept.get('x', 0, work), kept.get('x', 10, work)];
    expect([await a, await b, await kept.get('x', 4999, work)]).toEqual([1, 1, 1]);
    expect(await kept.get('x', 5000, work)).toBe(2);
  });

  test('is not given to another question, nor after the clock was set back', async () => {
    const { work, kept } = counting();
    expect([await kept.get('x', 100, work), await kept.get('y', 100, work)]).toEqual([1, 2]);
    expect(await kept.get('x', 50, work)).toBe(3);
  });

  test('is not given when what it was made from has changed, and takes no room then', async () => {
    const { work, kept } = counting();
    expect(await kept.get('x', 0, work, 'before')).toBe(1);
    await kept.get('y', 0, work);
    expect(await kept.get('x', 1, work, 'after')).toBe(3);
    expect(await kept.get('x', 2, work, 'after')).toBe(3);
    expect(await kept.get('y', 2, work)).toBe(2);
    expect(await kept.get('x', 3, work, 'before')).toBe(4);
  });

  test('makes room for newer ones', async () => {
    const { work, kept } = counting();
    for (const key of ['a', 'b', 'c']) await kept.get(key, 0, work);
    expect(await kept.get('a', 1, work)).toBe(4);
    expect(await kept.get('c', 1, work)).toBe(3);
  });

  test('is forgotten when it failed', async () => {
    const { work, kept } = counting();
    await expect(kept.get('x', 0, () => Promise.reject(new Error('no disk')))).rejects.toThrow('no disk');
    expect(await kept.get('x', 1, work)).toBe(1);
  });

  test('that is old may be given at once, once more, while a newer one is worked out', async () => {
    let count = 0;
    let isBroken = false;
    const work = async () => {
      if (isBroken) throw new Error('no disk');
      return ++count;
    };
    const kept = new KeptAnswers<number>({ maxAgeMs: 100, most: 2, refreshedUntilMs: 1000 });
    expect(await kept.get('x', 0, work)).toBe(1);
    expect(await kept.get('x', 500, work)).toBe(1);
    expect(await kept.get('x', 501, work)).toBe(2);
    isBroken = true;
    expect(await kept.get('x', 900, work)).toBe(2);
    expect(await kept.get('x', 1100, work)).toBe(2);
    expect(kept.get('x', 3000, work)).rejects.toThrow('no disk');
  });
});
