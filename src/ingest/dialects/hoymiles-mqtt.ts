import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import { add, first, whole } from '../field-table.ts';

/**
 * Hoymiles micro-inverters over wasilukm/hoymiles-mqtt: `hoymiles_mqtt/<serial>/state` of the DTU (the sums) or of an inverter
 * (its grid side), `hoymiles_mqtt/<serial>/<port>/state` of a panel. After its code: V, A, W, Wh and Hz. The DTU's sums
 * outrank the panels, whose counters are left alone: before all of them were heard, their sum would be no counter.
 */
const [TOTAL, WH] = [3, 0.001];
const sums: Record<string, Field> = {
  pv_power: whole('solarPower', { rank: TOTAL }),
  today_production: whole('dailyEnergyProduced', { by: WH, rank: TOTAL }),
  total_production: whole('totalEnergyProduced', { by: WH, rank: TOTAL }),
  grid_voltage: first('gridVoltage'),
  grid_frequency: first('gridFrequency'),
  temperature: first('inverterTemperature'),
};
const panel: Record<string, Field> = {
  pv_power: add('solarPower'),
  pv_voltage: first('solarVoltage'),
  pv_current: add('solarCurrent'),
};

const certain: Recognition = { sureness: 0.95, reason: 'topics of hoymiles-mqtt' };

export const dialect: Dialect = {
  name: 'hoymiles-mqtt',

  recognise({ segments, looksLikeObject }) {
    const rest = segments.length - segments.indexOf('hoymiles_mqtt') - 1;
    if (!segments.includes('hoymiles_mqtt') || segments.at(-1) !== 'state') return null;
    return looksLikeObject && (rest === 2 || rest === 3) ? certain : null;
  },

  interpret(message, context) {
    const { json, segments } = message;
    if (json === null) return nothingMeasured();
    const [serial = '', port] = segments.slice(segments.indexOf('hoymiles_mqtt') + 1, -1);
    const draft = new Draft(context, message.receivedAt);
    const order = Number(port ?? 0) || 0;
    const id = port === undefined ? serial : `${serial} ${port}`;
    for (const [name, field] of Object.entries(port === undefined ? sums : panel))
      draft.take(field, json[name], { id, order });
    return draft.finish(null);
  },
};
