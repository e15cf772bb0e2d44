import { add, first } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** Pace batteries over bmspace (Tertiush): `<base>/pack_<n>/<name>`, one plain value a message: V, A (positive while charging), mAh. */
const MAH = 0.001;

export const dialect = namedValues({
  name: 'bmspace',
  reason: 'topics of bmspace',
  telling: ['v_pack', 'i_pack', 'i_remain_cap', 'i_full_cap'],
  fields: {
    v_pack: first('batteryVoltage'),
    i_pack: add('batteryCurrent'),
    soc: first('stateOfCharge'),
    soh: first('stateOfHealth'),
    i_remain_cap: add('remainingCapacity', { by: MAH }),
    i_full_cap: add('batteryCapacity', { by: MAH }),
    'temps.temp_1': first('batteryTemperature'),
  },
});
