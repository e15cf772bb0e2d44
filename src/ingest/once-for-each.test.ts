import { expect, test } from 'bun:test';
import { onceForEach } from './once-for-each.ts';

test('a text is worked out once, whatever comes of it, and forgotten when there are too many', () => {
  const asked: string[] = [];
  const lengthOf = onceForEach(2, (text) => {
    asked.push(text);
    return text === '' ? undefined : text.length;
  });
  expect([lengthOf('ab'), lengthOf('ab'), lengthOf(''), lengthOf('')]).toEqual([2, 2, undefined, undefined]);
  expect(asked).toEqual(['ab', '']);
  lengthOf('c');
  lengthOf('ab');
  expect(asked).toEqual(['ab', '', 'c', 'ab']);
});

test('long texts are not kept', () => {
  let count = 0;
  const counted = onceForEach(10, () => ++count);
  const long = 'a'.repeat(201);
  expect([counted(long), counted(long)]).toEqual([1, 2]);
});
