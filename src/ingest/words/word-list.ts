import { ENTRIES } from './lexicon.ts';

/** What the lexicon's words mean, of those in Cyrillic letters or of the others. */
const meaningsOf = (isCyrillic: boolean): [string, string][] =>
  ENTRIES.flatMap(({ concept, words }) =>
    words.filter((word) => CYRILLIC.test(word) === isCyrillic).map((word): [string, string] => [word, concept]),
  );
const CYRILLIC = /[\u0400-\u04ff]/;
const CYRILLIC_WORDS = /[\u0400-\u04ff]+/g;

/** Shorter ones may be other words where their dots are left away. */
const LEAST_WITHOUT_DOTS = 7;
const LATIN = meaningsOf(false);
/** Other languages' words, and short ones, in English; as those write them, too, who leave the dots of letters away (`tagliche`). */
export const TRANSLATIONS: ReadonlyMap<string, string> = new Map([
  ...LATIN.filter(([word]) => word.length >= LEAST_WITHOUT_DOTS).map(([word, english]): [string, string] => [
    word.replace(/([aou])e/g, '$1'),
    english,
  ]),
  ...LATIN,
]);
/** How Ukrainian, Russian and Bulgarian words begin; the longest first. */
const STEMS = meaningsOf(true).toSorted(([a], [b]) => b.length - a.length);
const UNKNOWN = 'unknown';

/** A text with its Cyrillic words in English; what is none of them stays a word that says nothing. */
export function withoutCyrillic(text: string): string {
  if (!CYRILLIC.test(text)) return text;
  return text.replace(CYRILLIC_WORDS, (word) => {
    const lower = word.toLowerCase();
    return ` ${STEMS.find(([stem]) => lower.startsWith(stem))?.[1] ?? UNKNOWN} `;
  });
}

/** English words that are written together with others: `gridvoltage`, `pvpower`, `todayyield`. */
const TOGETHER =
  'power voltage current frequency energy temperature soc soh solar pv grid battery load output input inverter house home total today daily day yield import export charge discharge consumption ac dc bus mppt string panel phase self generator last module pack capacity remaining state in max min rated active reactive apparent gas water heat smart electricity meter monitor heatsink percent pct consumed produced charging discharging charged discharged generation generated purchased bought sold backup eps essential level health ambient internal external feedin cell cells avg average conv converter accumulated sum solarmax freq temp volt volts watt watts amps bat batt';

const VOCABULARY: ReadonlySet<string> = new Set([...TRANSLATIONS.keys(), ...TOGETHER.split(' ')]);
/** Shorter ones stand in any word. */
const SHORT = new Set(['pv', 'ac', 'dc']);
const [LEAST, LONGEST_PART, LONGEST] = [5, 18, 40];

/** True for a word that means something of an energy system. */
export const isKnownWord = (word: string): boolean => VOCABULARY.has(word) || CONCEPTS.has(word);
const CONCEPTS: ReadonlySet<string> = new Set(ENTRIES.flatMap(({ concept }) => concept.split(' ')));

/** A word that is several known ones written together, in them; itself where it is not. */
export function partsOf(word: string): string[] {
  if (word.length < LEAST || word.length > LONGEST || VOCABULARY.has(word)) return [word];
  return splitAt(word, 0, new Map()) ?? [word];
}

/** The fewest parts from `from` on; null when they do not cover the word. A German joining `s` or `n` is no part. */
function splitAt(word: string, from: number, known: Map<number, string[] | null>): string[] | null {
  if (from === word.length) return [];
  const before = known.get(from);
  if (before !== undefined) return before;
  let best: string[] | null = null;
  for (let to = Math.min(word.length, from + LONGEST_PART); to >= from + 2; to--) {
    const part = word.slice(from, to);
    if (!VOCABULARY.has(part) || (part.length < 3 && !SHORT.has(part))) continue;
    const joined = to < word.length - 3 && /[sn]/.test(word[to] ?? '') ? splitAt(word, to + 1, known) : null;
    const rest = splitAt(word, to, known) ?? joined;
    if (rest && (best === null || rest.length + 1 < best.length)) best = [part, ...rest];
  }
  known.set(from, best);
  return best;
}
