import { half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/** SMA by the names of Sunny Portal's live data (`homemanager`), as scripts send it on: one object or one value a topic, W and %. */
export const dialect = namedValues({
  name: 'sunny-portal',
  reason: 'names of SMA’s Sunny Portal',
  telling: ['DirectConsumption', 'DirectConsumptionQuote', 'AutarkyQuote'],
  fields: {
    PV: whole('solarPower'),
    TotalConsumption: whole('loadPower'),
    FeedIn: half('gridPower', -1),
    GridConsumption: half('gridPower', 1),
    BatteryIn: half('batteryPower', 1),
    BatteryOut: half('batteryPower', -1),
    BatteryChargeStatus: whole('stateOfCharge'),
    BatteryStateOfHealth: whole('stateOfHealth'),
  },
});
