import { expect, test } from 'bun:test';
import { inPairs, isSameText, newReadableCode, newVerificationCode, typedCode } from './codes.ts';

test('verification codes are six digits, leading zeros included, and differ', () => {
  const codes = Array.from({ length: 2000 }, newVerificationCode);
  expect(codes.every((code) => /^\d{6}$/.test(code))).toBe(true);
  expect(new Set(codes).size).toBeGreaterThan(1900);
  expect(codes.some((code) => code.startsWith('0'))).toBe(true);
});

test('readable codes have no characters that are mistaken for each other', () => {
  const text = Array.from({ length: 500 }, () => newReadableCode(8)).join('');
  expect(text).toMatch(/^[2-9A-Z]+$/);
  expect(text).not.toMatch(/[01OIL]/);
});

test('a code is taken as people type it', () => {
  expect(typedCode(' abcd-ef gh ')).toBe('ABCDEFGH');
  expect(typedCode(inPairs('ABCDEFGH'))).toBe('ABCDEFGH');
});

test('texts are the same only when every character is', () => {
  expect(isSameText('abc', 'abc')).toBe(true);
  for (const [a, b] of [
    ['abc', 'abd'],
    ['abc', 'ab'],
    ['', 'a'],
    ['a', ''],
    ['aa', 'a'],
  ] as const)
    expect(isSameText(a, b)).toBe(false);
});
