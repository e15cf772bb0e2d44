import type { Dialect, Recognition } from '../dialect.ts';
import { Draft } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';

/**
 * Ferroamp EnergyHub by its own MQTT: `extapi/data/ehub` (the system), `eso` (a battery's converter), `sso` (a string's) and `esm` (a
 * battery), each value wrapped (`{"ppv": {"val": "812.1"}, "pext": {"L1": "-20.1", ...}}`). W, V, A, degrees; energies in mJ. What the
 * battery gives is positive, and what is bought. Names, units and signs after the tests of its Home Assistant integration.
 */
const KWH = 1 / 3.6e9;
const hub = new FieldTable({
  'ppv.val': whole('solarPower'),
  'pbat.val': whole('batteryPower', { by: -1 }),
  'pext.L#': add('gridPower'),
  'pload.L#': add('loadPower'),
  'iext.L#': add('gridCurrent'),
  'ul.L#': first('gridVoltage'),
  'gridfreq.val': whole('gridFrequency'),
  'soc.val': whole('stateOfCharge'),
  'soh.val': whole('stateOfHealth'),
  'wpv.val': whole('totalEnergyProduced', { by: KWH }),
  'wextconsq.L#': add('totalGridImport', { by: KWH }),
  'wextprodq.L#': add('totalGridExport', { by: KWH }),
  'wloadconsq.L#': add('totalEnergyConsumed', { by: KWH }),
  'wbatcons.val': whole('totalBatteryCharge', { by: KWH }),
  'wbatprod.val': whole('totalBatteryDischarge', { by: KWH }),
});
const units = new Map<string, FieldTable>([
  ['ehub', hub],
  [
    'eso',
    new FieldTable({
      'soc.val': first('stateOfCharge'),
      'temp.val': first('batteryTemperature'),
      'ubat.val': first('batteryVoltage'),
      'ibat.val': add('batteryCurrent', { by: -1 }),
    }),
  ],
  ['sso', new FieldTable({ 'upv.val': first('solarVoltage'), 'ipv.val': add('solarCurrent') })],
  ['esm', new FieldTable({ 'soh.val': first('stateOfHealth') })],
]);

const certain: Recognition = { sureness: 0.95, reason: 'names of a Ferroamp EnergyHub' };
const WRAPPED = /^[a-z]+\.(val|L[123]|pos|neg)$/i;

export const dialect: Dialect = {
  name: 'ferroamp',
  commandTopics: ['extapi/control/request'],

  recognise(message) {
    if (!units.has(message.tail(0)) || message.tail(1) !== 'data' || !message.looksLikeObject) return null;
    const { byPath } = message.leaves;
    return byPath.size > 0 && [...byPath.keys()].every((path) => WRAPPED.test(path)) ? certain : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    const { byPath } = message.leaves;
    const table = units.get(message.tail(0));
    // Several converters and batteries share a topic.
    const id = byPath.get('id.val') === undefined ? '' : String(byPath.get('id.val'));
    for (const [path, raw] of byPath) {
      const found = table?.find(path);
      if (!found) continue;
      const order = Number(id === '' ? found.number : id) || 0;
      draft.take(found.field, raw, { id: `${id} ${found.number}`.trim(), order });
    }
    const time = byPath.get('ts.val');
    return draft.finish(draft.time(typeof time === 'string' ? time.replace(/UTC$/, 'Z') : undefined));
  },
};
