import { isMaker } from './device-words.ts';
import { onceForEach } from './once-for-each.ts';
import { isKnownWord } from './word-list.ts';

const MOST_NAMES = 3000;
/** What may stand in a counter's name and changes nothing of what it counts, beside the words of the list. */
const KNOWN =
  /^(\d+|k?wh?|mwh|l[123]|[abcrst]|pv\d*|mppt\d*|string\d*|battery\d*|inverter\d*|channel\d*|ch\d*|p1|t\d|ht|nt|by|of|z|from|to|at|and|in|out|for|the|my|on|lifetime|cum|cumulative|amount|real|positive|negative|forward|reverse|net|absolute|sum|counter|count|value|reading|hybrid|delivered|received|returned|fed|site|tariff|direct|electric|electrical|counted|purchase|sales?|usage|use|imported|exported|plant|system|time|device|data|all|array|photovoltaic|channel|circuit|ever|week|month|year|hour|yesterday)$/;
/** What a maker calls a model (`TS 65A`): letters without a vowel, or amperes. */
const MODEL = /^([bcdfghjklmnpqrstvwxz]{1,3}\d*|\d+a)$/;
/** Words that are a time in some language, when they stand beside a counter. */
const TIME = /^(quarter|season|since|den|ma|nap|zi|an|ans|any|luna|guen|ay|yil|duen|dan|leto|kuu|paeev|paeevane)$/;

/**
 * True where a counter's name has a word that nobody knows behind its first: it may say of what time it counts. The first is
 * often what its owner calls the device.
 */
export const hasUnknownWord = onceForEach(MOST_NAMES, (words: string): boolean =>
  words
    .split(' ')
    .some(
      (word, i) =>
        TIME.test(word) ||
        (i > 0 && !isKnownWord(word.replace(/\d+$/, '')) && !KNOWN.test(word) && !MODEL.test(word) && !isMaker(word)),
    ),
);

/** True where a counter's name has a word that may be a time, in letters that nobody reads here or in some language. */
export const mayNameTime = (words: string): boolean =>
  words.split(' ').some((word) => word === 'unknown' || TIME.test(word));
