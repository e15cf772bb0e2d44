import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';

/**
 * Marstek and Hame balcony batteries: `hame_energy/<model>/device/<id>/ctrl` with pairs (`pe=71,w1=142`), and what
 * tomquist/hm2mqtt makes of them (`<base>/<model>/device/<id>/data`, one object). After its docs/b2500.md: `w` the inputs
 * in W, `pe` the state of charge, `tl` the coldest cell; energies of the day in Wh.
 */
const pairs = new FieldTable({
  'w#': add('solarPower'),
  pe: whole('stateOfCharge'),
  tl: whole('batteryTemperature'),
});
/** A Venus at the house's own current: its energies in 0.01 kWh, what it gives to the house as positive. */
const venus = new FieldTable({
  cel_c: whole('stateOfCharge'),
  grd_o: whole('batteryPower', { by: -1 }),
  tot_i: whole('totalBatteryCharge', { by: 0.01 }),
  tot_o: whole('totalBatteryDischarge', { by: 0.01 }),
});
/** Its battery's own answer: voltages in 0.01 V. The sign of its current is not documented. */
const venusPack = new FieldTable({
  b_soc: whole('stateOfCharge'),
  b_soh: whole('stateOfHealth'),
  b_vol: whole('batteryVoltage', { by: 0.01 }),
  b_tem: whole('batteryTemperature'),
});
const object = new FieldTable({
  batteryPercentage: whole('stateOfCharge'),
  'solarPower.total': whole('solarPower', { rank: 3 }),
  'solarPower.input#': add('solarPower'),
  'temperature.min': first('batteryTemperature'),
  batterySoc: whole('stateOfCharge'),
  totalPvPower: whole('solarPower', { rank: 3 }),
  'pv#Power': add('solarPower'),
  totalChargingCapacity: whole('totalBatteryCharge'),
  totalDischargeCapacity: whole('totalBatteryDischarge'),
  'dailyStats.photovoltaicChargingPower': whole('dailyEnergyProduced', { by: 0.001 }),
});
/** What it gives to the house comes of the battery alone where it has no panels. */
const given = whole('batteryPower', { by: -1 });
/** What the meter of a battery measures: bought as positive. */
const clamp = new FieldTable({ pwr_t: whole('gridPower'), totalPower: whole('gridPower') });
const OF_PANELS = /^(pv\d|totalPv)Power$/;
const PAIR = /(?:^|,)([a-z][a-z0-9_]*)=([^,=]*)/g;

const certain: Recognition = { sureness: 0.95, reason: 'topics and names of a Marstek battery' };

export const dialect: Dialect = {
  name: 'marstek',
  commandTopics: ['hame_energy/+/App/+/ctrl', 'marstek_energy/+/App/+/ctrl'],

  recognise(message) {
    if (message.tail(2) !== 'device') return null;
    if (message.looksLikeObject) return isOwn(message.leaves.names) ? certain : null;
    return /^(hame|marstek)_energy$/.test(message.segments[0] ?? '') ? certain : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    if (message.looksLikeObject) {
      const table = isMeter(message.leaves.names) ? clamp : object;
      for (const [path, value] of message.leaves.byPath) table.take(draft, path, value);
      if (![...message.leaves.names].some((name) => OF_PANELS.test(name)))
        draft.take(given, message.leaves.byPath.get('combinedPower'));
    } else {
      const names = namesOf(message.text);
      for (const [, name = '', value = ''] of message.text.slice(0, 2000).matchAll(PAIR))
        names?.take(draft, name, value);
    }
    return draft.finish();
  },
};

const isMeter = (names: ReadonlySet<string>) =>
  ['deviceType', 'phase1Power', 'phase3Power', 'totalPower'].every((name) => names.has(name));

const isOwn = (names: ReadonlySet<string>) =>
  isMeter(names) || names.has('batteryPercentage') || (names.has('batterySoc') && names.has('combinedPower'));

/** Other answers of a device give the same letters another meaning; those with one of these tell how it runs. */
function namesOf(text: string): FieldTable | null {
  if (/(^|,)pe=/.test(text)) return pairs;
  if (/(^|,)cel_c=/.test(text)) return venus;
  if (/(^|,)b_soc=/.test(text)) return venusPack;
  return /(^|,)pwr_t=/.test(text) ? clamp : null;
}
