import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * openWB: version 2 (`openWB/<component>/[<number>/]get/<field>`, also under `simpleAPI`, lists as JSON) and 1.9
 * (`openWB/evu/W`). Names after openWB/core docs/MQTT.md and snaptec/openWB; energies in Wh unless they say kWh. Meter
 * power is positive while importing, battery power while charging; a PV plant's is written as a negative number. Of several
 * meters the one at the top of the hierarchy stands at the grid, the one of lowest number until that is known. What is
 * under `set` was sent to an openWB, charge points are nobody's load but their own.
 */
const [TOTAL, WH] = [3, 0.001];
const version2 = new FieldTable({
  'counter power': first('gridPower'),
  'counter frequency': first('gridFrequency'),
  'counter voltages': first('gridVoltage'),
  'counter imported': first('totalGridImport', { by: WH }),
  'counter exported': first('totalGridExport', { by: WH }),
  'counter daily_imported': first('dailyGridImport', { by: WH }),
  'counter daily_exported': first('dailyGridExport', { by: WH }),
  'all pv power': whole('solarPower', { by: -1, rank: TOTAL }),
  'all pv exported': whole('totalEnergyProduced', { by: WH, rank: TOTAL }),
  'all pv daily_exported': whole('dailyEnergyProduced', { by: WH, rank: TOTAL }),
  'pv power': add('solarPower', { by: -1 }),
  'pv exported': add('totalEnergyProduced', { by: WH }),
  'pv daily_exported': add('dailyEnergyProduced', { by: WH }),
  'all bat power': whole('batteryPower', { rank: TOTAL }),
  'all bat soc': whole('stateOfCharge', { rank: TOTAL }),
  'all bat imported': whole('totalBatteryCharge', { by: WH, rank: TOTAL }),
  'all bat exported': whole('totalBatteryDischarge', { by: WH, rank: TOTAL }),
  'bat power': add('batteryPower'),
  'bat soc': first('stateOfCharge'),
  'bat imported': add('totalBatteryCharge', { by: WH }),
  'bat exported': add('totalBatteryDischarge', { by: WH }),
});
const version1 = new FieldTable({
  'evu/W': whole('gridPower'),
  'evu/VPhase#': first('gridVoltage'),
  'evu/APhase#': add('gridCurrent'),
  'evu/Hz': whole('gridFrequency'),
  'evu/WhImported': whole('totalGridImport', { by: WH }),
  'evu/WhExported': whole('totalGridExport', { by: WH }),
  'evu/DailyYieldImportKwh': whole('dailyGridImport'),
  'evu/DailyYieldExportKwh': whole('dailyGridExport'),
  'pv/W': whole('solarPower', { by: -1, rank: TOTAL }),
  'pv/#/W': add('solarPower', { by: -1 }),
  'pv/WhCounter': whole('totalEnergyProduced', { by: WH, rank: TOTAL }),
  'pv/DailyYieldKwh': whole('dailyEnergyProduced', { rank: TOTAL }),
  'housebattery/W': whole('batteryPower'),
  'housebattery/%Soc': whole('stateOfCharge'),
  'housebattery/WhImported': whole('totalBatteryCharge', { by: WH }),
  'housebattery/WhExported': whole('totalBatteryDischarge', { by: WH }),
  'global/WHouseConsumption': whole('loadPower'),
});
const COMPONENT = /^(counter|pv|bat|battery)$/;

const certain: Recognition = { sureness: 0.95, reason: 'topics of an openWB' };

export const dialect: Dialect = {
  name: 'openwb',
  commandTopics: ['openWB/set/#'],

  recognise(message) {
    return message.segments.includes('openWB') && message.segments.length > 2 ? certain : null;
  },

  interpret(message, context) {
    const { text, segments } = message;
    const path = segments.slice(segments.indexOf('openWB') + 1).filter((level) => level !== 'simpleAPI');
    if (text === null || path[0] === 'set') return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    if (path.join('/') === 'counter/get/hierarchy') learnGridMeter(text, context);
    else if (path.join('/') === 'counter/set/home_consumption') draft.take({ to: 'loadPower' }, text);
    else if (COMPONENT.test(path[0] ?? '')) readComponent(draft, path, message, context);
    const name = path.join('/');
    if (version1.has(name)) version1.take(draft, name, text);
    return draft.finish(null, true);
  },
};

/** `counter/4/get/power`, `pv/get/power` (all of them), and the same without `get` and with `total` in the simple API. */
function readComponent(draft: Draft, path: readonly string[], message: MessageView, context: DialectContext): void {
  const [type = '', ...rest] = path;
  const kind = type === 'battery' ? 'bat' : type;
  const number = /^\d+$/.test(rest[0] ?? '') ? (rest[0] ?? '') : '';
  const fields = rest.slice(number === '' && rest[0] !== 'total' ? 0 : 1).filter((level) => level !== 'get');
  const [field = '', phase] = fields;
  if (fields.length > 2 || (fields.length === 2 && (field !== 'voltages' || phase !== '1'))) return;
  if (kind === 'counter' && !isGridMeter(number, context)) return;
  const raw = field === 'voltages' ? firstOf(message.text) : message.text;
  const found = version2.find(`${number === '' ? 'all ' : ''}${kind} ${field}`);
  if (found) draft.take(found.field, raw, { id: number, order: Number(number) });
}

/** The meter at the top of the hierarchy measures the house's connection. */
function learnGridMeter(text: string, context: DialectContext): void {
  const top = /^\[\s*\{[^{}[\]]*"id"\s*:\s*(\d+)/.exec(text)?.[1];
  if (top === undefined || !/^\[\s*\{[^{}[\]]*"type"\s*:\s*"counter"/.test(text)) return;
  context.memory?.parts.learnBase('openwb grid', top);
  context.memory?.parts.learnBase('openwb', 'hierarchy');
}

function isGridMeter(number: string, context: DialectContext): boolean {
  const parts = context.memory?.parts;
  return number !== '' && (!parts?.knowsBase('openwb', 'hierarchy') || parts.knowsBase('openwb grid', number));
}

const firstOf = (text: string | null) => /^\s*\[\s*([^,\]\s]+)/.exec(text ?? '')?.[1] ?? text;
