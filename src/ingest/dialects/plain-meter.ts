import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../message-view.ts';
import { type MeterMetrics, meterMetrics } from '../meter-role.ts';
import { wordsOf } from '../name-words.ts';
import { onceForEach } from '../once-for-each.ts';
import { entriesOf, onlyEntry, type PlainEntry } from '../plain-entries.ts';

/**
 * A meter or plug that nobody knows, of which its owner said what it measures: bare `power`, `voltage`, `current`, `frequency`
 * and `energy`, one object or one a topic, go where the source's role says. Written from no device. Without a role nothing is
 * read, and energy only with a unit or a fraction: then it is in kWh.
 */
interface Meaning {
  what: keyof MeterMetrics;
  /** The number of a phase; 0 for the whole. */
  phase: number;
  by: number;
}

const MOST_NAMES = 2000;
/** Words that change nothing of what a bare value is. */
const IGNORED = new Set(['active', 'real', 'rms', 'actual', 'momentary', 'total', 'phase']);
const PHASE = /^(?:l?([123])|([abc]))$/;
const KINDS: Record<string, keyof MeterMetrics> = {
  ...{ power: 'power', voltage: 'voltage', current: 'current', frequency: 'frequency' },
  ...{ energy: 'total', apparent: 'apparent' },
};
const UNITS: Record<string, number> = { w: 1, v: 1, hz: 1, kw: 1000, kwh: 1, wh: 0.001, kW: 1000, Wh: 0.001 };
const MOST_KWH = 100_000;
const likely: Recognition = { sureness: 0.3, reason: 'bare values of what its owner calls a meter' };

export const dialect: Dialect = {
  name: 'plain-meter',
  isLastResort: true,

  recognise(message, context) {
    return readAll(message, context).length > 0 ? likely : null;
  },

  interpret(message, context) {
    const found = readAll(message, context);
    if (found.length === 0) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const meter = meterMetrics(context.role, 'load');
    for (const { entry, what, phase, by } of found) {
      const to = meter[what];
      const how = what === 'voltage' || what === 'frequency' ? ('first' as const) : ('sum' as const);
      const which = { id: phase === 0 ? '' : `L${phase}`, order: phase };
      if (to) draft.take({ to, by, how, rank: phase === 0 ? 2 : 1 }, entry.value, which);
    }
    return draft.finish(null, !message.looksLikeData);
  },
};

const meaningOfName = onceForEach(MOST_NAMES, (name): Meaning | null => {
  let [what, phase, by]: [keyof MeterMetrics | undefined, number, number] = [undefined, 0, 1];
  const said = wordsOf([name]).replace('apparent power', 'apparent');
  if (/\b(today|daily|day)\b/.test(said)) return /\benergy\b/.test(said) ? { what: 'day', phase: 0, by: 1 } : null;
  const words = said.split(' ');
  for (const word of words.filter((one) => !IGNORED.has(one))) {
    const [, digit, letter] = PHASE.exec(word) ?? [];
    if (Object.hasOwn(KINDS, word) && what === undefined) what = KINDS[word];
    else if (digit !== undefined || (letter !== undefined && words.includes('phase')))
      phase = Number(digit ?? 0) || 'abc'.indexOf(letter ?? '') + 1;
    else if (Object.hasOwn(UNITS, word) && what !== undefined) by = UNITS[word] ?? 1;
    else return null;
  }
  return what === undefined ? null : { what, phase, by };
});

/** A voltage or frequency that no mains has: the device writes its registers. */
function isRegister(name: string, value: number): boolean {
  const what = meaningOfName(name)?.what;
  if (what === 'voltage') return value !== 0 && (value < 60 || value > 500);
  return what === 'frequency' && value !== 0 && (value < 40 || value > 70);
}

/** The last level that says something, without the device's name before it (`plug3/sensor/plug3_power/state` is `power`). */
function withoutNode(path: string): string {
  const levels = path.split('/').filter((level) => !/^(state|value|sensor)$/.test(level));
  const last = levels.at(-1) ?? '';
  const node = levels.length > 1 ? (levels[0] ?? '') : '';
  return node !== '' && last.toLowerCase().startsWith(`${node.toLowerCase()}_`) ? last.slice(node.length + 1) : last;
}

function readAll(message: MessageView, { role }: DialectContext): (Meaning & { entry: PlainEntry })[] {
  if (role === undefined || role === 'system') return [];
  const only = message.looksLikeData ? null : onlyEntry(message);
  const entries = message.looksLikeData ? entriesOf(message.leaves) : only ? [only] : [];
  const isRaw = entries.some(({ path, value, unit }) => unit === '' && isRegister(path.split('/').at(-1) ?? '', value));
  if (isRaw) return [];
  return entries.flatMap((entry) => {
    const levels = entry.path.split('/');
    if (message.looksLikeData && levels.length > 2) return [];
    const meaning = meaningOfName(withoutNode(entry.path));
    if (meaning === null) return [];
    const by = meaning.by === 1 ? (UNITS[entry.unit] ?? 1) : meaning.by;
    const isSaid = by !== 1 || entry.unit !== '' || /kwh$/i.test(levels.at(-1) ?? '');
    const isKwh = !Number.isInteger(entry.value) && entry.value < MOST_KWH;
    return /^(total|day)$/.test(meaning.what) && !isSaid && !isKwh ? [] : [{ ...meaning, by, entry }];
  });
}
