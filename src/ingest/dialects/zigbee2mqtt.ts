import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { meterMetrics } from '../meter-role.ts';

/**
 * Zigbee2MQTT: `zigbee2mqtt/<name>` with one object; metering plugs and meters write power (W), voltage (V), current (A),
 * energy (kWh), ac_frequency, and per phase `power_phase_b` or `power_b`. Battery-driven sensors write their own cell's
 * voltage in mV, and are not meters. After zigbee2mqtt.io's device pages.
 */
const METERING = /"(power|energy|power_phase_b|power_a|produced_energy|current)"\s*:/;
const PHASES = ['', '_phase_b', '_phase_c'];
const LETTERS = ['_a', '_b', '_c'];

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
    if (message.segments[1] === 'bridge' || !json || !METERING.test(message.text ?? '')) return nothingMeasured();
    const meter = meterMetrics(context.role, json.produced_energy === undefined ? 'load' : 'grid');
    const which = { id: message.topic, order: 0 };
    const give = (to: Field['to'] | null, value: unknown, how: 'sum' | 'first' = 'sum') => {
      if (to && value !== undefined) draft.take({ to, how, rank: 2 }, value, which);
    };
    give(meter.power, totalOf(json, 'power'));
    give(meter.current, totalOf(json, 'current'));
    give(meter.voltage, json.voltage ?? json.voltage_a, 'first');
    give(meter.frequency, json.ac_frequency ?? json.frequency, 'first');
    give(meter.total, json.energy);
    give(meter.returned, json.produced_energy);
    return draft.finish();
  },
};

/** The device's own total where it says one beside its phases, else the sum of the phases that are there. */
function totalOf(json: Record<string, unknown>, name: string): unknown {
  const lettered = LETTERS.map((l) => numberOf(json[name + l])).filter((v) => v !== null);
  if (lettered.length > 0 && json[name] === undefined) return lettered.reduce((a, b) => a + b, 0);
  const phases = PHASES.map((p) => numberOf(json[name + p])).filter((v) => v !== null);
  return phases.length > 1 ? Number(phases.reduce((a, b) => a + b, 0).toPrecision(12)) : json[name];
}
