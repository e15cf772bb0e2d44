import { numberOf } from '../field-draft.ts';
import { add, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Zendure SolarFlow: reports (`/<product>/<device>/properties/report`, what changed under `properties`), the cloud's
 * states, and `.../telemetry/<name>` of bridges. Names after Zendure/zenSDK docs/en_properties.md: `outputPackPower`
 * charges the battery, `packInputPower` discharges it; voltages in hundredths, temperatures in tenths of a kelvin.
 */
const KELVIN_TENTHS = 2731;

export const dialect = namedValues({
  name: 'zendure',
  reason: 'names of a Zendure SolarFlow',
  telling: ['electricLevel', 'outputPackPower', 'packInputPower', 'solarInputPower'],
  atLeast: 1,
  anyDepth: true,
  fields: {
    electricLevel: whole('stateOfCharge'),
    solarInputPower: whole('solarPower', { rank: 3 }),
    'solarPower#': add('solarPower'),
    outputPackPower: half('batteryPower', 1),
    packInputPower: half('batteryPower', -1),
    BatVolt: whole('batteryVoltage', { by: 0.01 }),
  },
  readMore(draft, { byPath }) {
    const tenths = numberOf(byPath.get('properties.hyperTmp'));
    if (tenths !== null) draft.take({ to: 'inverterTemperature' }, (tenths - KELVIN_TENTHS) / 10);
  },
});
