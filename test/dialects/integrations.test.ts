import { expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { type AnnouncedDevice, announcedAtOnce } from '../../src/testing/announced-at-once.ts';

/** `# device | maker | model | origin`, a sensor a line (`name|unit|value|device class|state class`), `=` and what arrives. */
const devices = readFileSync(new URL('integrations.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n\n');

function parsed(block: string): AnnouncedDevice & { arrives: Record<string, number> } {
  const lines = block.split('\n');
  const [name = '', maker = '', model = ''] = (lines[0] ?? '')
    .slice(1)
    .split('|')
    .map((part) => part.trim());
  const values = lines.slice(1, -1).map((line) => {
    const [called = '', unit = '', value = '', deviceClass = '', stateClass = ''] = line.split('|');
    return { name: called, unit, value: Number(value), deviceClass, stateClass };
  });
  const told = (lines.at(-1) ?? '').slice(2).split(', ').filter(Boolean);
  const arrives = told.map((one): [string, number] => [one.split(' ')[0] ?? '', Number(one.split(' ')[1])]);
  return { name, maker, model, values, arrives: Object.fromEntries(arrives) };
}

test('there are integrations to ask', () => {
  expect(devices.length).toBeGreaterThan(60);
});

test.each(devices.map((block) => [block.split('\n')[0] ?? '', block]))('what arrives of %s', (_, block) => {
  const { arrives, ...device } = parsed(block);
  expect(announcedAtOnce(device)).toEqual(arrives);
});
