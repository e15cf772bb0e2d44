import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, half, whole } from '../field-table.ts';

/**
 * Swiss smart meters over scs/smartmeter-datacollector: `smartmeter/<meter>/ACTIVE_POWER_P`, one object with `value` a
 * topic. Names and units after its reader_data.py: `P` was bought and `N` sold, W, Wh, V, A and Hz; a phase's power stands
 * beside the whole and is left alone.
 */
const WH = 0.001;
const table = new FieldTable({
  ACTIVE_POWER_P: half('gridPower', 1),
  ACTIVE_POWER_N: half('gridPower', -1),
  ACTIVE_ENERGY_P: whole('totalGridImport', { by: WH }),
  ACTIVE_ENERGY_N: whole('totalGridExport', { by: WH }),
  'VOLTAGE_L#': first('gridVoltage'),
  'CURRENT_L#': add('gridCurrent'),
  NET_FREQUENCY: whole('gridFrequency'),
});
const OWN =
  /^((RE)?ACTIVE_(POWER|ENERGY)_[PN](_(L[123]|T[12]))?|REACTIVE_ENERGY_Q[1-4]|(VOLTAGE|CURRENT|ANGLE_UI)_L[123]|POWER_FACTOR|NET_FREQUENCY)$/;

const certain: Recognition = { sureness: 0.9, reason: 'values of a smart meter (smartmeter-datacollector)' };

export const dialect: Dialect = {
  name: 'smartmeter-datacollector',

  recognise(message) {
    if (!OWN.test(message.tail(0)) || !message.looksLikeObject) return null;
    return typeof message.json?.value === 'number' && message.json.timestamp !== undefined ? certain : null;
  },

  interpret(message, context) {
    const { json } = message;
    if (json === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    table.take(draft, message.tail(0), json.value);
    return draft.finish(draft.time(json.timestamp), true);
  },
};
