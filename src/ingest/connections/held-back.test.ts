import { expect, test } from 'bun:test';
import { HeldBack } from './held-back.ts';

test('a topic is held back once, until a value of now comes', () => {
  const held = new HeldBack();
  for (const topic of ['a/b', 'a/b', 'a/c']) held.note(topic);
  expect(held.count).toBe(2);
  expect([held.cameAnew('a/b'), held.cameAnew('a/b'), held.count]).toEqual([true, false, 1]);
});

test('what is no longer listened to is not held back either', () => {
  const held = new HeldBack();
  for (const topic of ['N/1/system/0/Dc/Battery/Soc', 'tele/plug/SENSOR', 'tele/oven/SENSOR']) held.note(topic);
  held.narrow(['N/#']);
  expect(held.count).toBe(1);
});

test('a broker that kept very much does not fill the memory', () => {
  const held = new HeldBack();
  for (let i = 0; i < 20_000; i++) held.note(`a/${i}`);
  expect(held.count).toBe(10_000);
});
