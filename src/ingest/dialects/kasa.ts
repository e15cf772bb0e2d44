import type { Dialect, Recognition } from '../dialect.ts';
import { Draft } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';
import { namedValues } from '../named-values.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * TP-Link Kasa plugs by the real-time values of their meter (`emeter`): mV, mA, mW and Wh in one object (python-kasa), or
 * `.../emeter/<name>` one value a message in V, A, W and kWh (mqtt2kasa).
 */
const MILLI = 0.001;
const TOPICS = { power: 'power', voltage: 'voltage', current: 'current', total: 'total' } as const;
const likely: Recognition = { sureness: 0.7, reason: 'the meter of a Kasa plug, a value a topic' };

const asObject = namedValues({
  name: 'kasa',
  reason: 'the meter of a Kasa plug',
  atLeast: 0,
  telling: ['power_mw', 'voltage_mv'],
  fields: {},
  readMore: (draft, { byPath }) => {
    const meter = meterMetrics(draft.context.role, 'load');
    if (meter.power) draft.take({ to: meter.power, by: MILLI }, byPath.get('power_mw'));
    if (meter.voltage) draft.take({ to: meter.voltage, by: MILLI }, byPath.get('voltage_mv'));
    if (meter.current) draft.take({ to: meter.current, by: MILLI }, byPath.get('current_ma'));
    if (meter.total) draft.take({ to: meter.total, by: MILLI }, byPath.get('total_wh'));
  },
});

export const dialect: Dialect = {
  ...asObject,
  recognise: (message, context) => (isOneOf(message) ? likely : asObject.recognise(message, context)),
  interpret(message, context) {
    if (!isOneOf(message)) return asObject.interpret(message, context);
    const draft = new Draft(context, message.receivedAt);
    const what = TOPICS[message.tail(0) as keyof typeof TOPICS];
    const to = meterMetrics(context.role, 'load')[what];
    const how = what === 'voltage' ? ('first' as const) : ('sum' as const);
    if (to) draft.take({ to, how, rank: 2 }, message.text, { id: message.base(1), order: 0 });
    return draft.finish(null, true);
  },
};

const isOneOf = (message: MessageView): boolean =>
  message.tail(1) === 'emeter' && !message.looksLikeData && Object.hasOwn(TOPICS, message.tail(0));
