import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * AI-on-the-edge, a camera before a meter's digits: `<name>/main/value`, and an object under `<name>/main/json`. It knows no unit, for
 * it reads water and gas, too: only where the source's owner put it at the grid it is an electricity meter, whose digits are
 * kWh. After jomjol/AI-on-the-edge-device (MQTT API).
 */
const likely: Recognition = { sureness: 0.5, reason: 'the digits of a meter before AI-on-the-edge' };
const NAMES = ['value', 'raw', 'pre', 'error', 'rate'];

const isDigits = (message: MessageView): boolean =>
  message.looksLikeObject
    ? NAMES.every((name) => message.json?.[name] !== undefined)
    : message.tail(0) === 'value' && message.tail(1) === 'main';

export const dialect: Dialect = {
  name: 'ai-on-the-edge',
  recognise: (message, { role }: DialectContext) => (role === 'grid' && isDigits(message) ? likely : null),

  interpret(message, context) {
    const { total } = meterMetrics(context.role, 'grid');
    if (total === null || (message.looksLikeObject && message.json?.error !== 'no error')) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    draft.take({ to: total }, message.looksLikeObject ? message.json?.value : message.text);
    return draft.finish(null, !message.looksLikeObject);
  },
};
