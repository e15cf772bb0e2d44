import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';

/**
 * Plugs and meters with OpenBeken: `<device>/<name>/get`, one plain value a message, after its MQTT documentation: V, A, W,
 * and `energycounter`, of today `energycounter_today`, in Wh.
 */
const NAMES = {
  voltage: ['voltage', 1],
  current: ['current', 1],
  power: ['power', 1],
  energycounter: ['total', 0.001],
  energycounter_today: ['day', 0.001],
} as const;
const certain: Recognition = { sureness: 0.8, reason: 'topics of OpenBeken' };
const isName = (name: string): name is keyof typeof NAMES => Object.hasOwn(NAMES, name);

export const dialect: Dialect = {
  name: 'openbeken',
  commandTopics: ['+/+/set'],

  recognise(message) {
    return message.tail(0) === 'get' && message.segments.length >= 3 && isName(message.tail(1)) ? certain : null;
  },

  interpret(message, context) {
    const name = message.tail(1);
    if (message.text === null || !isName(name)) return nothingMeasured();
    const [what, by] = NAMES[name];
    const to = meterMetrics(context.role, 'load')[what];
    const draft = new Draft(context, message.receivedAt);
    const how = what === 'voltage' ? ('first' as const) : ('sum' as const);
    if (to) draft.take({ to, by, how, rank: 2 }, message.text, { id: message.base(2), order: 0 });
    return draft.finish(null, true);
  },
};
