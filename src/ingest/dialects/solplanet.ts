import { add, first, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

const DECI = { by: 0.1 };
const CENTI = { by: 0.01 };

/**
 * Solplanet (AISWEI) by the names of its dongle's local answers (`getdevdata`: inverter, meter, battery), as scripts send them on: one object
 * each, in tenths and hundredths. The battery's power and current are negative while charging. An inverter's AC power (`pac`) may hold
 * a battery's share, and what a meter's sign means nothing says.
 */
export const dialect = namedValues({
  name: 'solplanet',
  reason: 'names of a Solplanet dongle',
  telling: ['hto', 'etopv', 'oet'],
  atLeast: 3,
  // For a moment the dongle may know nothing of the battery, and says zeros.
  isAbsent: (_path, { byPath }) => byPath.get('vb') === 0,
  fields: {
    'vpv.#': first('solarVoltage', DECI),
    'ipv.#': add('solarCurrent', CENTI),
    'vac.#': first('gridVoltage', DECI),
    fac: whole('gridFrequency', CENTI),
    tmp: whole('inverterTemperature', DECI),
    etd: add('dailyEnergyProduced', DECI),
    eto: add('totalEnergyProduced', DECI),
    iet: whole('totalGridImport', DECI),
    oet: whole('totalGridExport', DECI),
    itd: whole('dailyGridImport', CENTI),
    otd: whole('dailyGridExport', CENTI),
    ppv: whole('solarPower'),
    etdpv: whole('dailyEnergyProduced', DECI),
    etopv: whole('totalEnergyProduced', DECI),
    vb: whole('batteryVoltage', CENTI),
    cb: whole('batteryCurrent', { by: -0.1 }),
    pb: whole('batteryPower', { by: -1 }),
    tb: whole('batteryTemperature', DECI),
    soc: whole('stateOfCharge'),
    soh: whole('stateOfHealth'),
  },
});
