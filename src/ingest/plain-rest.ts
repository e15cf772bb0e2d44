import type { NumericMetric } from '../core/metrics.ts';
import type { DialectContext } from './dialect.ts';
import { type Draft, numberOf } from './field-draft.ts';
import type { MessageView } from './message-view.ts';
import { meaningAt } from './plain-meaning.ts';
import { readObject } from './plain-object.ts';

/** What a family's own names say, so that plain words may say the rest. */
export interface OwnNames {
  /** The metrics that its table has: of those it says what there is to say. */
  says: ReadonlySet<NumericMetric>;
  has(path: string): boolean;
}

/** Whose sign every maker chooses; a table leaves them out on purpose. */
const SIGNED: ReadonlySet<NumericMetric> = new Set(['gridPower', 'gridCurrent', 'batteryPower', 'batteryCurrent']);
const AN_INVERTER = { device: 'inverter', unit: '', isPhased: false } as const;

/**
 * Gives the draft what plain words say of an object's names that its family's table does not have: another model, a newer
 * firmware. Only quantities that the table never has, and none that has a sign.
 */
export function takeRest(draft: Draft, message: MessageView, { memory: _, ...context }: DialectContext, own: OwnNames) {
  const isNew = (metric: NumericMetric) => !own.says.has(metric) && !SIGNED.has(metric);
  if (!mayHaveMore(message, own, isNew)) return;
  for (const { metric, path, field, value, id, order } of readObject(message, context))
    if (path !== undefined && !own.has(path) && isNew(metric)) draft.take(field, value, { id, order });
}

/** Whether one name alone says something new: most objects are done without all that reading them as a whole costs. */
function mayHaveMore({ leaves }: MessageView, own: OwnNames, isNew: (metric: NumericMetric) => boolean): boolean {
  for (const [path, value] of leaves.byPath) {
    if (numberOf(value) === null || own.has(path)) continue;
    const meaning = meaningAt(path.replaceAll('.', '/'), AN_INVERTER);
    if (meaning !== null && isNew(meaning.metric)) return true;
  }
  return false;
}
