import { add, half, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';

/**
 * Solaranzeige (a German program that reads inverters of all makes) by its MQTT: `solaranzeige/<device>/<name>`, one value a topic, names in
 * small letters and alike for all inverters. W and Wh. What else an inverter says is read by its words. After the program's public sources.
 */
const WH = 0.001;
const fields = {
  verbrauch: whole('loadPower'),
  bezug: half('gridPower', 1),
  einspeisung: half('gridPower', -1),
  pv_leistung: whole('solarPower'),
  solarleistung: whole('solarPower'),
  'pv#_leistung': add('solarPower'),
  akkustand_soc: whole('stateOfCharge'),
  soc: whole('stateOfCharge'),
  wattstundengesamtheute: whole('dailyEnergyProduced', { by: WH }),
  wattstundengesamt: whole('totalEnergyProduced', { by: WH }),
};

export const dialect = namedValues({
  name: 'solaranzeige',
  reason: 'topics of Solaranzeige',
  telling: ['wattstundengesamtheute', 'wattstundengesamt'],
  tellingUnder: { topic: /(^|\/)solaranzeige\/[^/]+\/[^/]+$/, names: Object.keys(fields) },
  fields,
});
