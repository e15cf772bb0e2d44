import { hours } from '../../core/durations.ts';
import type { Draft } from '../field-draft.ts';
import { add, whole } from '../field-table.ts';
import { namedValues } from '../named-values.ts';
import type { Leaves, MessageView } from '../payload/message-view.ts';

/**
 * AlphaESS by the names of its cloud's open API (`getLastPowerData`, `getSumDataForCustomer`, `getOneDateEnergyBySn`) and of the one
 * that its app asked before: one object or one value a topic. W and kWh; the grid's power is positive while importing, the
 * battery's while discharging. What an external inverter gives (`pmeter_dc`) is the sun's.
 */
export const dialect = namedValues({
  name: 'alphaess',
  reason: 'names of AlphaESS’s cloud',
  telling: ['pmeterL1', 'pmeterDc', 'pmeter_dc', 'preal_l1', 'epvtoday', 'eselfConsumption', 'eGridCharge'],
  tellingUnder: { topic: /alpha/i, names: ['ppv', 'pload', 'pgrid', 'pbat'] },
  anyDepth: true,
  atLeast: 0,
  fields: {
    ppv: whole('solarPower'),
    'ppv#': add('solarPower'),
    pmeter_dc: add('solarPower'),
    pload: whole('loadPower'),
    soc: whole('stateOfCharge'),
    pgrid: whole('gridPower'),
    'pmeter_l#': add('gridPower'),
    pbat: whole('batteryPower', { by: -1 }),
    epvtoday: whole('dailyEnergyProduced'),
    epvtotal: whole('totalEnergyProduced'),
    eoutput: whole('dailyGridExport'),
  },
  readMore: readDay,
});

const OF_A_DAY = {
  epv: whole('dailyEnergyProduced'),
  eOutput: whole('dailyGridExport'),
  eInput: whole('dailyGridImport'),
};
const LONGEST_DAY = hours(25);

/** What a day brought, where that day is today. */
function readDay(draft: Draft, { byPath }: Leaves, { receivedAt }: MessageView): void {
  for (const front of ['', 'data.']) {
    const start = draft.time(byPath.get(`${front}theDate`));
    if (start === null || receivedAt < start || receivedAt >= start + LONGEST_DAY) continue;
    for (const [name, field] of Object.entries(OF_A_DAY)) draft.take(field, byPath.get(front + name));
  }
}
