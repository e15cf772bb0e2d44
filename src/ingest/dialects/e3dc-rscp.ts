import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * E3/DC home power stations by the tags of RSCP, as ioBroker's e3dc-rscp adapter sends them on: `EMS/POWER_PV`, one value a
 * topic or one object; what its solar inverter calls DC are panels. W and %; battery power is positive while charging, grid power while importing. `POWER_ADD` is another
 * generator and its sign the owner's.
 */
export const dialect = namedValues({
  name: 'e3dc-rscp',
  reason: 'tags of an E3/DC power station',
  telling: ['EMS.POWER_PV', 'EMS.POWER_BAT', 'EMS.POWER_HOME', 'EMS.POWER_GRID'],
  tellingUnder: { topic: /\/PVI_\d\/DC_\d\//, names: ['POWER', 'VOLTAGE', 'CURRENT'] },
  fields: {
    'EMS.POWER_PV': whole('solarPower'),
    'EMS.POWER_BAT': whole('batteryPower'),
    'EMS.POWER_HOME': whole('loadPower'),
    'EMS.POWER_GRID': whole('gridPower'),
    'EMS.BAT_SOC': whole('stateOfCharge'),
    'DC_#.POWER': add('solarPower'),
    'DC_#.VOLTAGE': first('solarVoltage'),
    'DC_#.CURRENT': add('solarCurrent'),
  },
});
