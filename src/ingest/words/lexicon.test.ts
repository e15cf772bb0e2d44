import { expect, test } from 'bun:test';
import { ENTRIES } from './lexicon.ts';
import { englishWords } from './name-words.ts';

test('each word of the lexicon stands once, under the code of a language', () => {
  const words = ENTRIES.flatMap((entry) => entry.words);
  expect(words.filter((word, i) => words.indexOf(word) !== i)).toEqual([]);
  expect(ENTRIES.filter(({ language }) => !/^[a-z]{2}$/.test(language))).toEqual([]);
  expect(words.filter((word) => !/^([a-z]+|[\u0400-\u04ff]+)$/.test(word))).toEqual([]);
});

test.each([
  ['Napięcie sieci', 'voltage grid'],
  ['Batteriespannung', 'battery voltage'],
  ['Произведено за сутки', 'production unknown today'],
  ['Hét termelés', 'week production'],
  ['het vermogen', 'power'],
  ['consumo_rede_kw', 'consumption grid kw'],
])('says %s in English', (name, english) => {
  expect(englishWords(name)).toBe(english);
});
