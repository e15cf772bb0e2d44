import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';
import type { MessageView } from '../payload/message-view.ts';
import { toCatalogue } from '../payload/unit-conversion.ts';
import { entriesOf, onlyEntry } from '../plain/plain-entries.ts';
import { type ObisCode, obisCode, obisField, withObisUnit, withoutMean } from '../words/obis-codes.ts';

/**
 * Smart meters by the OBIS codes of their values (IEC 62056-61), as names of an object (`{"1.8.0": 4532678}`), as levels of
 * topics (`.../1-0:16.7.0/255/value`, `.../1_8_0`), or said beside a channel (vzlogger's `chn0/id`). Powers are in W; energies in
 * the unit that is said, else in Wh or kWh by the digits that they are written with (see `obis-codes.ts`).
 */
const certain: Recognition = { sureness: 0.85, reason: 'a meter by its OBIS codes' };
const likely: Recognition = { sureness: 0.6, reason: 'an OBIS code' };
const CHANNEL = /^(id|obis|identifier)$/i;
const CHANNEL_VALUE = /^(raw|value|reading)$/i;
/** A code at the end of names that are joined by dots. */
const AT_END = /(\d{1,2}-\d{1,3}[:.])?(\d:)?\d{1,2}[._]\d{1,2}[._]\d{1,2}([*_.&]{1,2}\d{1,3})?$/;
const LEAST_CODES = 2;
const MOMENTARY = [':1.7.0', ':2.7.0'];
/** Without a counter beside. */
const LEAST_MOMENTARY = 4;
/** How much voltage times current may be above a power, and below. */
const [MOST_ABOVE, MOST_BELOW] = [4, 1.5];
const NAME = 'obis';
const KWH = 'obis-kwh';

interface Found {
  code: ObisCode;
  value: number;
  unit: string;
}

export const dialect: Dialect = {
  name: NAME,

  recognise(message, context) {
    if (telegramOf(message)) return certain;
    if (message.looksLikeData) {
      if (onlyOne(message, context) !== null) return likely;
      const text = message.text ?? '';
      if (/[._]8[._]\d/.test(text)) return codedIn(message).length >= LEAST_CODES ? certain : null;
      return MOMENTARY.some((code) => text.includes(code)) && codedIn(message).length >= LEAST_MOMENTARY
        ? certain
        : null;
    }
    if (message.segments.length < 2) return null;
    return channelCode(message) || codeOf(message, context) ? likely : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const telegram = telegramOf(message);
    const channel = message.looksLikeData || telegram ? null : channelCode(message);
    if (channel !== null) {
      context.memory?.parts.learnBase(`${NAME} ${keyOf(channel)}`, message.base(1));
      context.memory?.parts.learnBase(NAME, message.base(1));
      return nothingMeasured();
    }
    const only = telegram ? null : (onlyOne(message, context) ?? single(message, context));
    const found = telegram ?? (only === null ? listed(message) : [only]);
    // A power of both ways says it already.
    const hasSum = found.some(({ code }) => code.what === 'power' && code.phase === 0);
    for (const one of found) if (!hasSum || !/^(import|export)$/.test(one.code.what)) take(draft, one, context);
    return draft.finish(null, only !== null);
  },
};

function take(draft: Draft, { code, value, unit }: Found, { role }: DialectContext): void {
  const field = obisField(code, meterMetrics(role, 'grid'));
  const measured = field && toCatalogue(field.to, unit, value);
  if (!field || measured === null) return;
  const { phase, tariff } = code;
  const id = phase > 0 ? `L${phase}` : tariff > 0 ? `T${tariff}` : '';
  draft.take(field, measured, { id, order: phase + tariff });
}

const keyOf = ({ what, phase, tariff }: ObisCode): string => `${what} ${phase} ${tariff}`;

/** The code that a message says of the channel it stands in (`vzlogger/chn0/id`). */
const channelCode = (message: MessageView): ObisCode | null =>
  CHANNEL.test(message.tail(0)) ? obisCode((message.text ?? '').trim()) : null;

/** The code of a plain value: its topic's own, or its channel's. */
function codeOf(message: MessageView, { memory }: DialectContext): ObisCode | null {
  const own = obisCode(message.topic);
  if (own || !CHANNEL_VALUE.test(message.tail(0)) || !memory?.parts.knowsBase(NAME, message.base(1))) return own;
  return KNOWN.find((code) => memory.parts.knowsBase(`${NAME} ${keyOf(code)}`, message.base(1))) ?? null;
}

const KNOWN: readonly ObisCode[] = ['1.8.0', '1.8.1', '1.8.2', '2.8.0', '2.8.1', '2.8.2', '16.7.0', '1.7.0', '2.7.0']
  .concat(['36.7.0', '56.7.0', '76.7.0', '32.7.0', '52.7.0', '72.7.0', '31.7.0', '51.7.0', '71.7.0', '14.7.0'])
  .flatMap((text) => obisCode(text) ?? []);

function single(message: MessageView, context: DialectContext): Found | null {
  const code = codeOf(message, context);
  if (code === null) return null;
  const entry = onlyEntry(message);
  const base = message.base(1);
  const value =
    entry && withObisUnit(code, entry.value, entry.unit, context.memory?.parts.knowsBase(KWH, base) === true);
  if (value?.unit === 'kWh') context.memory?.parts.learnBase(KWH, base);
  return value && { code, ...value };
}

/** An object about one value that says its code (`{"id": "1-0:1.8.0", "value": 12, "unit": "kWh"}`), or stands under it. */
function onlyOne(message: MessageView, context: DialectContext): Found | null {
  if (!message.looksLikeObject) return null;
  const { json } = message;
  const said = [json?.id, json?.obis, json?.code].find((one): one is string => typeof one === 'string');
  const code = (said === undefined ? null : obisCode(said)) ?? codeOf(message, context);
  const entry = code && onlyEntry(message);
  const value = entry && withObisUnit(code, entry.value, entry.unit, false);
  return code && value && { code, ...value };
}

/** What was found while a message was recognised serves its interpretation. */
const codes = new WeakMap<MessageView, readonly Found[]>();

/** The entries of an object or list that are named by a code; means count where nothing momentary stands beside. */
function codedIn(message: MessageView): readonly Found[] {
  const known = codes.get(message) ?? findCoded(message);
  codes.set(message, known);
  return known;
}

function findCoded(message: MessageView): Found[] {
  const coded = entriesOf(message.leaves).map((entry) => ({
    ...entry,
    name: AT_END.exec(entry.path.replaceAll('/', '.'))?.[0] ?? '',
  }));
  const found = coded.flatMap(({ name, ...entry }) => {
    const code = obisCode(name);
    return code ? [{ code, ...entry }] : [];
  });
  const isCounter = ({ code }: { code: ObisCode }) => code.what === 'bought' || code.what === 'sold';
  if (!found.every(isCounter)) return found;
  const means = coded.flatMap(({ name, ...entry }) => {
    const code = obisCode(withoutMean(name) ?? '');
    return code ? [{ code, ...entry }] : [];
  });
  return means.some(({ code }) => code.what === 'voltage') ? [...found, ...means] : found;
}

/** A line of what a meter itself sends: `1-0:1.8.0(00016867.262*kWh)`. */
const LINE = /^(\d{1,2}-\d{1,3}:\d{1,2}\.\d{1,2}\.\d{1,2}(?:\*\d{1,3})?)\((-?\d+(?:\.\d+)?)\*([a-z]{1,4})\)\s*$/gim;

/** Two lines have as many. */
const LEAST_BYTES = 40;

/** What a serial port was heard to say: the whole text, or Tasmota's `SerialReceived`. */
function heardOf({ text, looksLikeData, json }: MessageView): string | null {
  if (!looksLikeData) return text;
  const said = text?.includes('"SerialReceived"') ? json?.SerialReceived : null;
  return typeof said === 'string' ? said : null;
}

/** A telegram (DSMR, IEC 62056-21) or a piece of it with its counters, sent on as it was read; null for anything else. */
function telegramOf(message: MessageView): Found[] | null {
  if (message.payload.length < LEAST_BYTES || !message.text?.includes('*kWh)')) return null;
  const found = [...(heardOf(message)?.matchAll(LINE) ?? [])].flatMap(([, name = '', value, unit = '']): Found[] => {
    const code = obisCode(name);
    return code ? [{ code, value: Number(value), unit }] : [];
  });
  return found.length >= LEAST_CODES ? found : null;
}

/** They with their units; what is in kWh says it of the others. */
function listed(message: MessageView): Found[] {
  const coded = codedIn(message);
  const read = (isKwh: boolean) =>
    coded.flatMap(({ code, value, unit }) => {
      const measured = withObisUnit(code, value, unit, isKwh);
      return measured ? [{ code, ...measured }] : [];
    });
  const alone = read(false);
  const found = alone.some(({ unit }) => unit === 'kWh') ? read(true) : alone;
  return [...found, ...kilowattsIn(coded)];
}

/** Small powers in kW, where the voltages and currents beside say so. */
function kilowattsIn(coded: readonly Found[]): Found[] {
  const powers = coded.filter(({ code, unit }) => POWERS.test(code.what) && code.phase === 0 && unit === '');
  const all = (what: string) => coded.filter(({ code }) => code.what === what);
  const volts = all('voltage')[0]?.value ?? 0;
  const watts = all('current').reduce((sum, { value }) => sum + value * volts, 0);
  const most = 1000 * Math.max(0, ...powers.map(({ value }) => value));
  const isKilowatts = most > 0 && watts < most * MOST_ABOVE && watts > most / MOST_BELOW;
  return isKilowatts ? powers.map((one) => ({ ...one, unit: 'kW' })) : [];
}
const POWERS = /^(power|import|export)$/;
