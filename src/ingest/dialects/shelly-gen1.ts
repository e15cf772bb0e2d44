import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';

/**
 * Shelly of the first generation: `shellies/<device>/{emeter,relay,meter,light}/<n>/<field>`, one plain value a message.
 * `total` and `total_returned` of an energy meter are in Wh, `energy` of a relay counts watt-minutes. After
 * shelly-api-docs gen1.
 */
const WH = 0.001;
const WATT_MINUTES = 1 / 60_000;
const recognised: Recognition = { sureness: 0.97, reason: 'topics of a first generation Shelly' };

export const dialect: Dialect = {
  name: 'shelly-gen1',
  commandTopics: ['shellies/command', 'shellies/+/command', 'shellies/+/+/+/command'],

  recognise(message) {
    return message.segments[0] === 'shellies' && message.segments.length >= 2 ? recognised : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const [, device = '', kind = '', number = '', name = ''] = message.segments;
    if (message.text === null) return nothingMeasured();
    if (kind === 'online') draft.text('deviceStatus', message.text === 'true' ? 'online' : 'offline');
    // What feeds a relay or roller, said once for all of its channels.
    const { voltage } = meterMetrics(context.role, 'load');
    if (kind === 'voltage' && voltage)
      draft.take({ to: voltage, how: 'first' }, message.text, { id: device, order: 0 });
    const isMeter = kind === 'emeter';
    if (!isMeter && !/^(relay|meter|light|white|roller)$/.test(kind)) return draft.finish(null, true);
    const meter = meterMetrics(context.role, isMeter ? 'grid' : 'load');
    const table: Record<string, [Field['to'] | null, number, 'sum' | 'first']> = {
      power: [meter.power, 1, 'sum'],
      voltage: [meter.voltage, 1, 'first'],
      current: [meter.current, 1, 'sum'],
      total: [meter.total, WH, 'sum'],
      total_returned: [meter.returned, WH, 'sum'],
      ...(!isMeter && { energy: [meter.total, WATT_MINUTES, 'sum'] }),
    };
    const [to, by, how] = (Object.hasOwn(table, name) ? table[name] : undefined) ?? [null, 1, 'sum' as const];
    if (to)
      draft.take({ to, by, how, rank: 2 }, message.text, { id: `${device} ${number}`, order: Number(number) || 0 });
    return draft.finish(null, true);
  },
};
