import { expect, test } from 'bun:test';
import { longestPassword, passwordProblem } from './password-rules.ts';

test.each([
  'password123',
  'Passw0rd!!',
  'P@ssw0rd2026',
  '1234567890',
  '0987654321',
  'qwertyuiop',
  'qwertz123456',
  '1q2w3e4r5t',
  'aaaaaaaaaa',
  'abababababab',
  'Sommer2026!',
  'iloveyou2026',
  'administrator',
  'raspberrypi',
  'passwordpassword',
])('%p is refused as common', (password) => {
  expect(passwordProblem(password)).toContain('first that anybody would try');
});

test.each(['kettle garden seven', 'korrekt-pferd-17', 'Xk29fLqpZ0', 'grün🌞haus am see', 'the battery is full'])(
  '%p is accepted',
  (password) => {
    expect(passwordProblem(password, { email: 'anna@example.org', name: 'Anna Weber' })).toBeUndefined();
  },
);

test('a short password is refused, counted in characters and not in bytes', () => {
  expect(passwordProblem('Xk29fLqpZ')).toContain('at least 10');
  expect(passwordProblem('🌞🌧️🌈⚡🔋')).toContain('at least 10');
});

test('a password of more than the most is refused', () => {
  expect(passwordProblem(`${'kettle garden '.repeat(20)}`.slice(0, longestPassword + 1))).toContain('at most');
});

test("a person's own name or address is refused", () => {
  const about = { email: 'anna.weber@example.org', name: 'Anna Weber' };
  for (const password of ['annaweber1990', 'Anna Weber 1', 'anna.weber@example.org', 'example.org2026'])
    expect(passwordProblem(password, about)).toContain('too easy');
});
