import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Metering switches of HomeMatic over CCU-Jack (VEAP): `device/status/<serial>/<channel>/<parameter>` with `{"ts", "v", "s"}`,
 * and over hm2mqtt: `<name>/status/<device>:<channel>/<parameter>` with `{"val", "ts"}`. V, Hz, W, mA and Wh, after
 * HomeMatic's device descriptions.
 */
const PARAMETERS = {
  POWER: ['power', 1],
  VOLTAGE: ['voltage', 1],
  CURRENT: ['current', 0.001],
  FREQUENCY: ['frequency', 1],
  ENERGY_COUNTER: ['total', 0.001],
} as const;
const certain: Recognition = { sureness: 0.85, reason: 'a metering switch of HomeMatic' };
const isParameter = (name: string): name is keyof typeof PARAMETERS => Object.hasOwn(PARAMETERS, name);

const numberIn = ({ json }: MessageView): number | undefined =>
  [json?.v, json?.val].find((value) => typeof value === 'number');

export const dialect: Dialect = {
  name: 'ccu-jack',

  recognise(message) {
    if (!isParameter(message.tail(0)) || !message.looksLikeObject) return null;
    const isOfJack = message.tail(3) === 'status' && message.tail(4) === 'device';
    const isOther = message.tail(2) === 'status' && /:\d+$/.test(message.tail(1));
    return (isOfJack || isOther) && numberIn(message) !== undefined ? certain : null;
  },

  interpret(message, context) {
    const name = message.tail(0);
    if (!isParameter(name)) return nothingMeasured();
    const [what, by] = PARAMETERS[name];
    const to = meterMetrics(context.role, 'load')[what];
    const draft = new Draft(context, message.receivedAt);
    const how = what === 'voltage' || what === 'frequency' ? ('first' as const) : ('sum' as const);
    if (to) draft.take({ to, by, how, rank: 2 }, numberIn(message), { id: message.base(1), order: 0 });
    return draft.finish(null, true);
  },
};
