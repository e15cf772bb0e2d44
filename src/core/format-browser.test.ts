import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { formatAge, formatQuantity } from './format.ts';

/** The functions of that name out of a browser script, with the constants that they need. */
async function fromScript<F>(file: string, names: string[], constants: string): Promise<F> {
  const text = await Bun.file(join(import.meta.dir, '../../views/assets', file)).text();
  const functions = names.map((name) => {
    const found = new RegExp(`^( *)(?:export )?(function ${name}\\([\\s\\S]*?^\\1})$`, 'm').exec(text);
    if (!found) throw new Error(`${file} has no function ${name}`);
    return found[2];
  });
  return new Function(`${constants}\n${functions.join('\n')}\nreturn ${names[names.length - 1]};`)() as F;
}

test('the browser words ages as the server does', async () => {
  const constants = 'const MINUTE = 60000, HOUR = 3600000, DAY = 86400000;';
  const inBrowser = await fromScript<(age: number) => string>('flow.js', ['formatAge'], constants);
  for (let age = -10_000; age < 4e11; age = age < 10_000 ? age + 997 : age * 1.37) {
    expect(inBrowser(age)).toBe(formatAge(age));
  }
});

test('the browser reads values out as the server does', async () => {
  const inBrowser = await fromScript<(value: number | null, unit: string, temperatureUnit: string) => [string, string]>(
    'chart/numbers.js',
    ['formatNumber', 'formatQuantity'],
    '',
  );
  for (const unit of ['W', 'VA', '%', 'V', 'A', 'Hz', 'degC', 'Ah', 'kWh']) {
    for (const value of [null, 0, -0.04, 0.4, 12.345, -999.6, 1240, 123_456.7, 2_500_000]) {
      const server = formatQuantity(value, unit);
      expect(inBrowser(value, unit, 'celsius')).toEqual([server.text, value === null ? '' : server.unit]);
    }
  }
});
