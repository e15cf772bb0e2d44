import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * OpenDTU: `<base>/<serial>/<channel>/<field>` for each Hoymiles inverter (channel 0 is AC, others are its strings) and
 * `<base>/ac/<field>` for all of them together, one plain value a message; base is `solar` unless configured. Units after
 * OpenDTU-docs mqtt_topics.md: day yields in Wh, total yields in kWh.
 */
const SERIAL = /^1[0-9a-f]{11}$/i;
const FLEET = 3;

const ac: Record<string, Field> = {
  power: { to: 'solarPower', how: 'sum', rank: 2 },
  voltage: { to: 'gridVoltage', how: 'first' },
  frequency: { to: 'gridFrequency', how: 'first' },
  temperature: { to: 'inverterTemperature', how: 'first' },
  yieldday: { to: 'dailyEnergyProduced', by: 0.001, how: 'sum', rank: 2 },
  yieldtotal: { to: 'totalEnergyProduced', how: 'sum', rank: 2 },
};

/** A three-phase inverter's mains voltages; those between two phases are none. */
const PHASE = /^voltage ph([123])-n$/;
const phaseVoltage: Field = { to: 'gridVoltage', how: 'first' };

const dc: Record<string, Field> = {
  power: { to: 'solarPower', how: 'sum', rank: 1 },
  voltage: { to: 'solarVoltage', how: 'first' },
  current: { to: 'solarCurrent', how: 'sum' },
};

const fleet: Record<string, Field> = {
  'ac/power': { to: 'solarPower', rank: FLEET },
  'ac/yieldday': { to: 'dailyEnergyProduced', by: 0.001, rank: FLEET },
  'ac/yieldtotal': { to: 'totalEnergyProduced', rank: FLEET },
  'dc/power': { to: 'solarPower', rank: 0 },
};
const FLEET_TOPIC = /^(ac|dc)\/(power|yieldday|yieldtotal|is_valid|irradiation)$/;
const GROUPS = new Set(['status', 'radio', 'device', 'cmd']);

const certain: Recognition = { sureness: 0.95, reason: 'serial numbers and fields of OpenDTU' };
const learned: Recognition = { sureness: 0.9, reason: 'the base topic of an OpenDTU' };
const likely: Recognition = { sureness: 0.6, reason: 'fields as OpenDTU names them' };

type Kind = 'channel' | 'status' | 'fleet' | 'dtu' | null;

function kindOf(message: MessageView): Kind {
  const { segments } = message;
  if (segments.length >= 3 && SERIAL.test(message.tail(2)))
    return /^\d$/.test(message.tail(1)) ? 'channel' : GROUPS.has(message.tail(1)) ? 'status' : null;
  if (segments.length >= 2 && SERIAL.test(message.tail(1)) && message.tail(0) === 'name') return 'status';
  if (FLEET_TOPIC.test(`${message.tail(1)}/${message.tail(0)}`)) return 'fleet';
  return segments.includes('dtu') && segments.length >= 3 ? 'dtu' : null;
}

export const dialect: Dialect = {
  name: 'opendtu',
  commandTopics: ['solar/+/cmd/+', '+/+/cmd/+'],

  recognise(message, context) {
    const kind = kindOf(message);
    if (kind === null || message.looksLikeObject) return null;
    if (kind === 'channel') return certain;
    if (kind === 'status') return message.segments[0] === 'solar' ? certain : likely;
    if (message.segments[0] === 'solar') return certain;
    const base = kind === 'dtu' ? baseBefore(message, 'dtu') : message.base(2);
    if (context.memory?.parts.knowsBase('opendtu', base)) return learned;
    const isNamed = /^(yield|is_valid)/.test(message.tail(0)) || /opendtu/i.test(base);
    return kind === 'fleet' && isNamed ? likely : null;
  },

  interpret(message, context) {
    const { text } = message;
    const kind = kindOf(message);
    if (text === null || kind === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const field = message.tail(0);
    if (kind === 'channel') {
      context.memory?.parts.learnBase('opendtu', message.base(3));
      const channel = Number(message.tail(1));
      const serial = message.tail(2);
      const table = channel === 0 ? ac : dc;
      const to = Object.hasOwn(table, field) ? table[field] : undefined;
      const phase = channel === 0 ? PHASE.exec(field)?.[1] : undefined;
      if (to) draft.take(to, text, { id: channel === 0 ? serial : `${serial} ${channel}`, order: channel });
      else if (phase) draft.take(phaseVoltage, text, { id: `${serial} ph${phase}`, order: Number(phase) });
    } else if (kind === 'fleet') {
      const to = fleet[`${message.tail(1)}/${field}`];
      if (to) draft.take(to, text);
    } else if (kind === 'status' && field === 'producing')
      draft.text('operatingMode', text.trim() === '1' ? 'Producing' : 'Idle');
    else if (kind === 'dtu' && field === 'status') draft.text('deviceStatus', text);
    return draft.finish(null, true);
  },
};

function baseBefore(message: MessageView, segment: string): string {
  return message.segments.slice(0, message.segments.lastIndexOf(segment)).join('/');
}
