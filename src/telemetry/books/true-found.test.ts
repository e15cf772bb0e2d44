import { expect, test } from 'bun:test';
import { foundDevices } from '../../testing/found-devices.ts';
import { compare, isTold, wrongIn } from '../../testing/true-books.ts';

test.each(foundDevices)('what flowed is booked of %s', (_, of) => {
  expect(wrongIn(compare(of, isTold(of)))).toBeNull();
});
