import { expect, test } from 'bun:test';
import { MessageView } from '../payload/message-view.ts';
import { TellingNames } from './telling-names.ts';

const object = (json: object) =>
  new MessageView({
    ...{ topic: 'a/b', payload: new TextEncoder().encode(JSON.stringify(json)), receivedAt: 0, isRetained: false },
  });

test('one walk over an object’s names tells of each family by its own', () => {
  const names = new TellingNames();
  const [plain, deep] = [{}, {}];
  names.add(plain, ['P_PV', 'E_Day']);
  names.add(deep, ['grid.delivery']);
  const told = (json: object) => {
    const message = object(json);
    return [names.tellOf(plain, message), names.tellOf(deep, message)];
  };
  expect(told({ Site: { P_PV: 1 } })).toEqual([true, false]);
  expect(told({ grid: { delivery: 1 } })).toEqual([false, true]);
  expect(told({ delivery: 1, grid: { other: 1 } })).toEqual([false, false]);
  expect(told({ E_Day: 1, grid: { delivery: 1 } })).toEqual([true, true]);
  expect(told({})).toEqual([false, false]);
});

test('a family that comes later is told of the message that was asked about last, too', () => {
  const names = new TellingNames();
  const message = object({ pv: 1 });
  const late = {};
  expect(names.tellOf(late, message)).toBe(false);
  names.add(late, ['pv']);
  expect(names.tellOf(late, message)).toBe(true);
});
