import { onceForEach } from '../once-for-each.ts';
import { isMaker } from './device-words.ts';
import { isKnownWord } from './word-list.ts';

const MOST_NAMES = 3000;
/** What may stand in a value's name and changes nothing of what it is, beside the words of the lexicon. */
const NEUTRAL = new Set(
  [
    'by of z from to at and in out for the my on ht nt k real positive negative forward reverse net absolute sum counter count',
    'value reading amount lifetime cum hybrid delivered received returned fed site direct electric electrical counted sales sale',
    'imported exported plant system time device data all array photovoltaic circuit ever weekly yearly hourly statistics stats',
    'virtual consumer consumers eim sense emporia iotawatt smappee wibeee efergy tasmota',
    'ups eps essential critical emergency loads storage ess accu genset gen bought sold supply line mains main overall combined',
    'instantaneous instant momentary present calculated measured derived corrected computed gross realtime mqtt modbus cloud local',
    'api hub ct clamp single three phases stream usable drawn',
  ].flatMap((words) => words.split(' ')),
);
/** Numbers, letters of phases, tariffs, units, and what is numbered. */
const NUMBERED =
  /^(\d+|k?wh?|mwh|l[123]|[abcrst]|p1|t\d|(pv|mppt|string|battery|inverter|channel|ch)\d*|(shelly|esp)\w*)$/;
/** What a maker calls a model (`TS 65A`): letters without a vowel, amperes. */
const MODEL = /^([bcdfghjklmnpqrstvwxz]{1,3}\d*|\d+a)$/;
/** A number of a thing, and no time (`24h`). */
const SERIAL = /^(?=.*\d)(?=.*[a-z])(?!\d+[hdwmy]$)/;
/** Words that are a time in some language, when they stand beside a counter. */
const TIME = /^(quarter|season|since|den|ma|nap|zi|an|ans|any|luna|guen|ay|yil|duen|dan|leto|kuu|paeev|paeevane)$/;

const isKnown = (word: string): boolean =>
  isKnownWord(word.replace(/\d+$/, '')) ||
  NEUTRAL.has(word) ||
  NUMBERED.test(word) ||
  MODEL.test(word) ||
  isMaker(word);

/**
 * True where a counter's name has a word that nobody knows behind its first: it may say of what time it counts. The first is
 * often what its owner calls the device.
 */
export const hasUnknownWord = onceForEach(MOST_NAMES, (words: string): boolean =>
  words.split(' ').some((word, i) => TIME.test(word) || (i > 0 && !isKnown(word))),
);

/** True where a counter's name has a word that may be a time, in letters that nobody reads here or in some language. */
export const mayNameTime = (words: string): boolean =>
  words.split(' ').some((word) => word === 'unknown' || TIME.test(word));

/** What all of a house uses, by metric. */
export const OF_HOUSE = /^loadPower$|EnergyConsumed$/;
const [ROOM, HOUSE] = [/\broom\b/, /\b(house|home)\b/];
/** True for what a room of a house uses. */
export const isRooms = (words: string): boolean => ROOM.test(words);

/** True for what is used by a room or a thing that its owner gave a name: nothing says that it is the house. */
export const mayBeRooms = onceForEach(
  MOST_NAMES,
  (words: string): boolean =>
    isRooms(words) || (!HOUSE.test(words) && words.split(' ').some((word) => !isKnown(word) && !SERIAL.test(word))),
);
