import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * EcoFlow by the names of its quota messages (STREAM, PowerStream, PowerOcean, power stations), any topic. PowerStream counts in tenths
 * of a watt, volt, ampere and hertz, and a battery's power above zero discharges. Names after tolwi/hassio-ecoflow-cloud; flows whose sign depends on the model are left alone.
 */
const TENTH = 0.1;

export const dialect = namedValues({
  name: 'ecoflow',
  reason: 'names of an EcoFlow device',
  telling: [
    'powGetPv',
    'gridConnectionVol',
    'powGetSysGrid',
    'pv1InputWatts',
    'pv1InputVolt',
    'pv1InputCur',
    'batInputVolt',
    'batInputWatts',
    'invOpVolt',
    'cmsBattSoc',
    'sysGridPwr',
  ],
  atLeast: 1,
  anyDepth: true,
  fields: {
    powGetPv: whole('solarPower', { rank: 3 }),
    gridConnectionVol: whole('gridVoltage'),
    gridConnectionFreq: whole('gridFrequency'),
    powGetSysGrid: whole('gridPower'),
    powGetSysLoad: whole('loadPower'),
    sysGridPwr: whole('gridPower'),
    sysLoadPwr: whole('loadPower'),
    mpptPwr: whole('solarPower'),
    bpPwr: whole('batteryPower'),
    bpSoc: whole('stateOfCharge'),
    cmsBattSoc: whole('stateOfCharge'),
    'pv#InputWatts': add('solarPower', { by: TENTH }),
    'pv#InputVolt': first('solarVoltage', { by: TENTH }),
    'pv#InputCur': add('solarCurrent', { by: TENTH }),
    batInputWatts: whole('batteryPower', { by: -TENTH }),
    batInputVolt: whole('batteryVoltage', { by: TENTH }),
    invOpVolt: whole('gridVoltage', { by: TENTH }),
    invFreq: whole('gridFrequency', { by: TENTH }),
    batSoc: whole('stateOfCharge', { rank: 1 }),
  },
});
