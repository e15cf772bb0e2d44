import type { Dialect, Interpretation, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { isLive, meterMetrics } from '../meter-role.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Zigbee2MQTT: `zigbee2mqtt/<name>` with one object; metering plugs and meters write power (W), voltage (V), current (A),
 * energy (kWh), ac_frequency, power_apparent (VA), and per phase or channel `power_phase_b`, `power_b` or `power_l2`. A meter that writes no
 * sign says the way in `energy_flow`. Battery-driven sensors write their own cell's
 * voltage in mV, and are not meters. After zigbee2mqtt.io's device pages.
 */
const METERING =
  /"(power|energy|current)(_a|_l1|_phase_a|_phase_b)?"\s*:|"produced_energy"|"current_(tier\d{1,2}_)?summ_delivered"|"rms_current"/;
const PHASES = ['', '_phase_b', '_phase_c'];
const PHASE_NAMES = ['_phase_a', '_phase_b', '_phase_c'];
const LETTERS = ['_a', '_b', '_c'];
const CHANNELS = ['_l1', '_l2', '_l3', '_l4', '_l5', '_l6'];

const certain: Recognition = { sureness: 0.95, reason: 'topics of Zigbee2MQTT' };
const likely: Recognition = { sureness: 0.85, reason: 'an object with a Zigbee link quality' };

export const dialect: Dialect = {
  name: 'zigbee2mqtt',
  commandTopics: ['zigbee2mqtt/+/set/#', 'zigbee2mqtt/+/get/#', 'zigbee2mqtt/bridge/request/#'],

  recognise(message) {
    if (message.segments[0] === 'zigbee2mqtt' && message.segments.length >= 2) return certain;
    return message.looksLikeObject && message.text?.includes('"linkquality"') ? likely : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const { json } = message;
    if (message.tail(0) === 'availability') {
      draft.text('deviceStatus', json ? json.state : message.text);
      return draft.finish(null, true);
    }
    if (message.segments[1] !== 'bridge' && isAttribute(message)) return readAttribute(draft, message);
    if (message.segments[1] === 'bridge' || !json || !METERING.test(message.text ?? '')) return nothingMeasured();
    const returned = json.produced_energy ?? json.energy_produced ?? json.current_summ_received;
    // What counts both ways and switches is a plug: nobody switches a house off.
    const isPlug = returned === undefined || /^(on|off)$/i.test(String(json.state));
    const meter = meterMetrics(context.role, isPlug ? 'load' : 'grid');
    const which = { id: message.topic, order: 0 };
    const give = (to: Field['to'] | null, value: unknown, how: 'sum' | 'first' = 'sum') => {
      if (to && value !== undefined) draft.take({ to, how, rank: 2 }, value, which);
    };
    const power = totalOf(json, 'power');
    if (!isProducing(json)) give(meter.power, power);
    else if (meter.power === 'gridPower') give(meter.power, -Math.abs(numberOf(power) ?? Number.NaN));
    if (!isProducing(json)) give(meter.current, totalOf(json, 'current'));
    const volts = firstLive(json) ?? aboveZero(json.rms_voltage);
    if (json.battery === undefined || isOfMains(volts)) give(meter.voltage, volts, 'first');
    give(meter.frequency, firstOf(json, 'ac_frequency') ?? json.frequency, 'first');
    give(meter.total, totalOf(json, 'energy') ?? summedOf(json));
    give(meter.day, json.energy_today);
    if (power === undefined) give(meter.current, json.rms_current);
    give(meter.apparent, totalOf(json, 'power_apparent'));
    give(meter.apparent ?? 'apparentPower', power === undefined ? json.apparent_power : undefined);
    give(meter.returned, returned ?? totalOf(json, 'produced_energy') ?? producedBy(json));
    return draft.finish();
  },
};

/** One attribute a topic (`zigbee2mqtt/<name>/power`), as the experimental output "attribute" writes it. */
const ATTRIBUTES = { power: 'power', current: 'current', voltage: 'voltage', energy: 'total' } as const;
/** The voltage of a sensor's own cell is in mV, and no mains'. */
const MAINS_V: readonly [number, number] = [80, 480];
const isOfMains = (raw: unknown): boolean => {
  const value = numberOf(raw);
  return value !== null && value >= MAINS_V[0] && value <= MAINS_V[1];
};
/** What a meter counted in each of its tariffs, where it says no sum. */
const tiersOf = (json: Record<string, unknown>): number | undefined =>
  sumOf(Array.from({ length: 10 }, (_, i) => numberOf(json[`current_tier${i + 1}_summ_delivered`])));
/** A Linky in its old mode says zero for what it does not tell. */
const aboveZero = (raw: unknown): unknown => (numberOf(raw) === 0 ? undefined : raw);
const summedOf = (json: Record<string, unknown>): unknown =>
  (tiersOf(json) ?? 0) > 0 ? (aboveZero(json.current_summ_delivered) ?? tiersOf(json)) : json.current_summ_delivered;
const isAttribute = (message: MessageView): boolean =>
  message.segments.length > 2 && !message.looksLikeObject && Object.hasOwn(ATTRIBUTES, message.tail(0));

function readAttribute(draft: Draft, message: MessageView): Interpretation {
  const what = ATTRIBUTES[message.tail(0) as keyof typeof ATTRIBUTES];
  const isCell = what === 'voltage' && !isOfMains(message.text);
  const to = isCell ? null : meterMetrics(draft.context.role, 'load')[what];
  const how = what === 'voltage' ? ('first' as const) : ('sum' as const);
  if (to) draft.take({ to, how, rank: 2 }, message.text, { id: message.base(1), order: 0 });
  return draft.finish(null, true);
}

const isProducing = (json: Record<string, unknown>) => json.energy_flow === 'producing';

const firstOf = (json: Record<string, unknown>, name: string): unknown =>
  json[name] ?? json[`${name}_a`] ?? json[`${name}_l1`] ?? json[`${name}_phase_a`];

/** The voltage of the first phase that something is connected to. */
function firstLive(json: Record<string, unknown>): unknown {
  const all = [json.voltage, ...[...LETTERS, ...PHASE_NAMES, ...CHANNELS].map((suffix) => json[`voltage${suffix}`])];
  return all.find((value) => isLive(numberOf(value))) ?? firstOf(json, 'voltage');
}

/** A channel's power or current, with the sign that it says beside. */
function signed(json: Record<string, unknown>, name: string, suffix: string): number | null {
  const value = numberOf(json[name + suffix]);
  const isOut = name !== 'energy' && json[`energy_flow${suffix}`] === 'producing';
  return value !== null && isOut ? -Math.abs(value) : value;
}

/** What a meter of two clamps counted outwards: an amount, whichever way it flows now. */
const producedBy = (json: Record<string, unknown>): unknown =>
  json.energy_produced_a === undefined ? undefined : sumOf(LETTERS.map((l) => numberOf(json[`energy_produced${l}`])));

/** The device's own total where it says one beside its phases, else the sum of the phases that are there. */
function totalOf(json: Record<string, unknown>, name: string): unknown {
  if (json[`${name}_ab`] !== undefined) return json[`${name}_ab`];
  // Phases a to c beside a total without a letter: the total counts.
  if (json[`${name}_phase_a`] !== undefined) {
    if (json[name] !== undefined) return json[name];
    return sumOf(['_phase_a', '_phase_b', '_phase_c'].map((phase) => numberOf(json[name + phase])));
  }
  for (const suffixes of json[name] === undefined ? [LETTERS, CHANNELS] : []) {
    const parts = suffixes.map((l) => signed(json, name, l)).filter((v) => v !== null);
    if (parts.length > 0) return sumOf(parts);
  }
  const phases = PHASES.map((p) => numberOf(json[name + p])).filter((v) => v !== null);
  return phases.length > 1 ? sumOf(phases) : json[name];
}

function sumOf(parts: readonly (number | null)[]): number | undefined {
  const known = parts.filter((part) => part !== null);
  return known.length === 0 ? undefined : Number(known.reduce((a, b) => a + b, 0).toPrecision(12));
}
