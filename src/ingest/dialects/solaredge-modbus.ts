import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, numberOf } from '../field-draft.ts';
import { first, whole } from '../field-table.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';

/**
 * SolarEdge by the names of nmakel/solaredge_modbus, as scripts send its answer on: one object, SunSpec's registers with the powers
 * of ten beside (`power_ac`, `power_ac_scale`), or in units where a script has applied them. W, V, A, Hz, Wh and degrees Celsius
 * after the SunSpec Information Model Specification; of one phase (model 101) its voltage stands where others have that between two.
 */
const FIELDS: Record<string, [field: Field, scale: string]> = {
  power_dc: [whole('solarPower'), 'power_dc_scale'],
  power_ac: [whole('solarPower', { rank: 1 }), 'power_ac_scale'],
  energy_total: [whole('totalEnergyProduced', { by: 0.001 }), 'energy_total_scale'],
  p1n_voltage: [first('gridVoltage'), 'voltage_scale'],
  frequency: [whole('gridFrequency'), 'frequency_scale'],
  current_dc: [whole('solarCurrent'), 'current_dc_scale'],
  voltage_dc: [first('solarVoltage'), 'voltage_dc_scale'],
  temperature: [first('inverterTemperature'), 'temperature_scale'],
};
const OF_BOTH = /^(power|current)_|^energy_/;
const ONE_PHASE = 101;
const MODELS: ReadonlySet<unknown> = new Set([ONE_PHASE, 102, 103]);
const [MOST_SCALE, MOST_HZ] = [6, 70];
const certain: Recognition = { sureness: 0.8, reason: 'names of solaredge_modbus' };

export const dialect: Dialect = {
  name: 'solaredge-modbus',

  recognise({ looksLikeObject, text, json }) {
    if (!looksLikeObject || !text?.includes('c_sunspec_did') || json === null) return null;
    if (!MODELS.has(json.c_sunspec_did) || !('energy_total' in json) || !('power_dc' in json)) return null;
    // Registers as they are: by how much they are to be divided is said nowhere.
    return (scaledValue(json, 'frequency', 'frequency_scale') ?? 0) > MOST_HZ ? null : certain;
  },

  interpret(message: MessageView, context) {
    const json = message.json ?? {};
    const draft = new Draft(context, message.receivedAt);
    const hasBattery = Object.keys(asObject(json.batteries) ?? {}).length > 0;
    for (const [name, [field, scale]] of Object.entries(FIELDS)) {
      // Its direct current and what it puts out may come from a battery.
      if (hasBattery && OF_BOTH.test(name)) continue;
      const value = scaledValue(json, name === 'p1n_voltage' ? phaseOf(json) : name, scale);
      if (value !== null) draft.take(field, value);
    }
    return draft.finish();
  },
};

const phaseOf = (json: Record<string, unknown>): string =>
  json.c_sunspec_did === ONE_PHASE && !numberOf(json.p1n_voltage) ? 'p1_voltage' : 'p1n_voltage';

function scaledValue(json: Record<string, unknown>, name: string, scaleName: string): number | null {
  const [value, scale] = [numberOf(json[name]), numberOf(json[scaleName]) ?? 0];
  // -32768: no scale factor.
  return value === null || Math.abs(scale) > MOST_SCALE ? null : Number((value * 10 ** scale).toPrecision(12));
}
