import type { NumericMetric } from '../../core/metrics.ts';
import type { DialectContext } from '../dialect.ts';
import { type Draft, type Field, numberOf } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';
import { meaningAt } from './plain-meaning.ts';
import { readObject } from './plain-object.ts';

/** Whose sign every maker chooses; a table leaves them out on purpose. */
const SIGNED: ReadonlySet<NumericMetric> = new Set(['gridPower', 'gridCurrent', 'batteryPower', 'batteryCurrent']);
/** What a maker writes as in a register: in tenths or hundredths. */
const [REGISTER, ELECTRIC] = [/^(0\.1|0\.01)$/, /(Power|Voltage|Current|Frequency)$/];
const AN_INVERTER = { device: 'inverter', unit: '', isPhased: false } as const;

/**
 * Gives the draft what plain words say of an object's names that its family's table does not have: another model, a newer
 * firmware. Only quantities of which the object says nothing in the family's own names (`own`; null for one without a metric), and none that has a sign,
 * nor a power, voltage, current or frequency beside one that the maker writes in tenths or hundredths.
 */
export function takeRest(
  draft: Draft,
  message: MessageView,
  { memory: _, ...context }: DialectContext,
  own: (path: string) => Pick<Field, 'to' | 'by'> | null | undefined,
): void {
  const others: string[] = [];
  const said = new Map<NumericMetric, number>();
  for (const [path, value] of message.leaves.byPath) {
    const field = own(path);
    if (field) said.set(field.to, field.by ?? 1);
    else if (field === undefined && numberOf(value) !== null) others.push(path);
  }
  const isRaw = [...said].some(([metric, by]) => ELECTRIC.test(metric) && REGISTER.test(String(Math.abs(by))));
  const isNew = (metric: NumericMetric) =>
    !said.has(metric) && !SIGNED.has(metric) && !(isRaw && ELECTRIC.test(metric));
  // One name alone must say something new: most objects are done without all that reading them as a whole costs.
  const mayBeNew = (path: string) => {
    const meaning = meaningAt(path.replaceAll('.', '/'), AN_INVERTER);
    return meaning !== null && isNew(meaning.metric);
  };
  if (!others.some(mayBeNew)) return;
  for (const { metric, path, field, value, id, order } of readObject(message, context))
    if (path !== undefined && own(path) === undefined && isNew(metric)) draft.take(field, value, { id, order });
}
