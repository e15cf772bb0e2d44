import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * EcoFlow by the names of its quota messages (STREAM, PowerStream, power stations), any topic. PowerStream counts in tenths
 * of a watt. Names after tolwi/hassio-ecoflow-cloud; flows whose sign depends on the model are left alone.
 */
const TENTH = 0.1;

export const dialect = namedValues({
  name: 'ecoflow',
  reason: 'names of an EcoFlow device',
  telling: ['powGetPv', 'gridConnectionVol', 'powGetSysGrid', 'pv1InputWatts', 'cmsBattSoc'],
  atLeast: 1,
  anyDepth: true,
  fields: {
    powGetPv: whole('solarPower', { rank: 3 }),
    gridConnectionVol: whole('gridVoltage'),
    gridConnectionFreq: whole('gridFrequency'),
    powGetSysGrid: whole('gridPower'),
    powGetSysLoad: whole('loadPower'),
    cmsBattSoc: whole('stateOfCharge'),
    'pv#InputWatts': add('solarPower', { by: TENTH }),
    'pv#InputVolt': first('solarVoltage', { by: TENTH }),
    batSoc: whole('stateOfCharge', { rank: 1 }),
  },
});
