import { expect, test } from 'bun:test';
import { parseEmail } from './email.ts';

test.each([
  ['anna@example.org', 'anna@example.org'],
  ['  Anna@Example.ORG \n', 'anna@example.org'],
  ['anna@bücher.example', 'anna@xn--bcher-kva.example'],
  ['anna@xn--bcher-kva.example', 'anna@xn--bcher-kva.example'],
  ['anna@ＥＸＡＭＰＬＥ.org', 'anna@example.org'],
  ['jose\u0301@example.org', 'jos\u00e9@example.org'],
  ['JOS\u00c9@example.org', 'jos\u00e9@example.org'],
  ['anna@example.org.', 'anna@example.org'],
  ['anna@localhost', 'anna@localhost'],
  ['first.last+sun@sub.example.org', 'first.last+sun@sub.example.org'],
])('%p is known as %p', (typed, normalised) => {
  expect(parseEmail(typed)?.normalised).toBe(normalised);
});

test.each([
  '',
  'anna',
  '@example.org',
  'anna@',
  'an na@example.org',
  'anna@exa mple.org',
  'anna@example.org/path',
  'anna@example.org:25',
  'anna@127.0.0.1',
  'anna@1.2',
  'anna@0x7f.1',
  'anna@[127.0.0.1]',
  'anna@-example.org',
  'anna@example..org',
  '.anna@example.org',
  'an..na@example.org',
  'anna\u0000@example.org',
  'anna@example.org\r\nBcc: eve@example.org',
  '"anna"@example.org',
  'anna,eve@example.org',
  `${'a'.repeat(65)}@example.org`,
  `anna@${'a.'.repeat(130)}org`,
])('%p is no address', (text) => {
  expect(parseEmail(text)).toBeUndefined();
});
