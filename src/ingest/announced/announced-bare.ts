import type { SourceRole } from '../../sources/source.ts';
import type { DialectContext } from '../dialect.ts';
import type { Draft } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';
import { bareMeaning } from '../plain/bare-meter.ts';
import { measuredBy } from './announced-signs.ts';
import { words } from './announced-words.ts';
import type { AnnouncedBare } from './announcements.ts';

const UNIT = /^(k?W|V|A|Hz|k?Wh)$/;
const ALTERNATING: readonly SourceRole[] = ['grid', 'load'];
/** Of panels and batteries, which have a voltage, too. */
const MEASURED_THERE = /Power$|^solar \w+EnergyProduced$/;

/** What counts a meter's pulses knows one way alone. */
const COUNTS_PULSES = /\b(powerpal|pulses?|impulse|glow|led)\b/;

const AT_MAINS = /^ac\b/;

const bareOf = (name: string, value: number, unit: string, role: SourceRole) =>
  bareMeaning(name, { path: name, value, unit }, role);

/** Takes the values that only the role of their source gives a place, as those of a meter or plug that nobody announced. */
export function takeBare(
  draft: Draft,
  values: readonly AnnouncedBare[],
  message: MessageView,
  { role, memory }: DialectContext,
): void {
  if (role === undefined || role === 'system') return;
  for (const { name, unit, template, deviceId, stateTopic, onlyAt, notAt } of values) {
    if ((onlyAt !== undefined && onlyAt !== role) || notAt === role) continue;
    const value = UNIT.test(unit) ? measuredBy({ template }, message) : null;
    const word = memory?.announcements.commonWordOf(deviceId) ?? '';
    const own = word === '' ? name : name.slice(word.length + 1);
    const meaning = value === null ? null : (bareOf(name, value, unit, role) ?? bareOf(own, value, unit, role));
    // Panels have a voltage, too; and energy of both ways in one is neither bought nor sold.
    const isThere =
      ALTERNATING.includes(role) || AT_MAINS.test(name) || MEASURED_THERE.test(`${role} ${meaning?.metric}`);
    if (!meaning || !isThere) continue;
    if (role === 'grid' && /Wh$/.test(unit) && !COUNTS_PULSES.test(words([name, stateTopic]))) continue;
    draft.take(meaning.field, value, { id: meaning.id, order: meaning.order });
  }
}
