import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { covers, isWellFormedFilter, matches, parseFilter, topicProblem } from './topics.ts';

describe('matching', () => {
  test.each([
    ['a/b', 'a/b', true],
    ['a/+', 'a/b', true],
    ['a/+', 'a/b/c', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['#', 'a/b', true],
    ['+', 'a', true],
    ['+', '/a', false],
    ['/+', '/a', true],
    ['+/+', '/a', true],
    ['a//c', 'a//c', true],
    ['a/+/c', 'a//c', true],
    ['#', '$SYS/x', false],
    ['+/x', '$SYS/x', false],
    ['$SYS/#', '$SYS/x', true],
    ['A/b', 'a/b', false],
  ])('%s and %s: %p', (filter, topic, isMatch) => {
    expect(matches(filter, topic)).toBe(isMatch);
  });

  test('a filter that is covered never matches what its cover does not', () => {
    const level = fc.constantFrom('a', 'b', '');
    const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((l) => l.join('/'));
    const filter = fc
      .tuple(fc.array(fc.constantFrom('a', 'b', '', '+'), { minLength: 1, maxLength: 4 }), fc.boolean())
      .map(([levels, isOpen]) => [...levels, ...(isOpen ? ['#'] : [])].join('/'));
    fc.assert(
      fc.property(filter, filter, topic, (outer, inner, t) => {
        if (covers(outer, inner) && matches(inner, t)) expect(matches(outer, t)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('filters', () => {
  test.each(['a/#/b', 'a#', 'a+', '+a/b', '', '$share/g', '$share//a', '$share/g+/a', '$share/g/'])(
    '%p is malformed',
    (f) => {
      expect(isWellFormedFilter(f)).toBe(false);
    },
  );

  test('one that is well-formed may still be longer or deeper than the broker takes', () => {
    for (const filter of ['a/'.repeat(40), 'x'.repeat(2000)]) {
      expect(isWellFormedFilter(filter)).toBe(true);
      expect(parseFilter(filter)).toBeNull();
    }
  });

  test('a shared one is taken apart', () => {
    expect(parseFilter('$share/g/a/#')).toEqual({ filter: 'a/#', group: 'g' });
    expect(parseFilter('#')).toEqual({ filter: '#', group: null });
  });
});

test('a topic to publish to has no wildcard and no more levels than are sensible', () => {
  expect(topicProblem('a/b')).toBeNull();
  for (const topic of ['', 'a/#', '+', 'a/'.repeat(40), 'x'.repeat(2000)]) expect(topicProblem(topic)).not.toBeNull();
});
