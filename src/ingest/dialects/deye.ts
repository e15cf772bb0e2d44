import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * Deye over kbialek/deye-inverter-mqtt: `deye/[<inverter>/]<suffix>`, one plain value a message. Suffixes and units
 * after its docs/metric_group_*.md. Battery power and current are positive while discharging, grid power while importing.
 */
const TOTAL = 3;
const add = (to: Field['to'], rank = 1, by = 1): Field => ({ to, by, how: 'sum', rank });
const first = (to: Field['to'], rank = 1): Field => ({ to, how: 'first', rank });

/** `#` stands for a number (or a letter of a phase). */
const fields: Record<string, Field> = {
  'dc/total_power': add('solarPower', TOTAL),
  'dc/pv#/power': add('solarPower'),
  'dc/pv#/voltage': first('solarVoltage'),
  'dc/pv#/current': add('solarCurrent'),
  'ac/active_power': add('solarPower', 0),
  day_energy: add('dailyEnergyProduced'),
  total_energy: add('totalEnergyProduced'),
  'ac/l#/voltage': first('gridVoltage'),
  'ac/freq': first('gridFrequency'),
  'ac/frequency': first('gridFrequency'),
  'ac/total_grid_power': add('gridPower', TOTAL),
  'ac/l#/ct/external': add('gridPower', 0),
  'ac/daily_energy_bought': add('dailyGridImport'),
  'ac/daily_energy_sold': add('dailyGridExport'),
  'ac/total_energy_bought': add('totalGridImport'),
  'ac/total_energy_sold': add('totalGridExport'),
  daily_energy_bought: add('dailyGridImport'),
  daily_energy_sold: add('dailyGridExport'),
  total_energy_bought: add('totalGridImport'),
  total_energy_sold: add('totalGridExport'),
  'ac/ups/total_power': add('loadPower', TOTAL),
  'ac/ups/l#/power': add('loadPower'),
  'ac/ups/l#/voltage': first('outputVoltage'),
  'ac/ups/daily_energy': add('dailyEnergyConsumed'),
  'ac/ups/total_energy': add('totalEnergyConsumed'),
  'battery/soc': first('stateOfCharge', 2),
  'battery/soh': first('stateOfHealth', 2),
  'battery/power': add('batteryPower', 2, -1),
  'battery/current': add('batteryCurrent', 2, -1),
  'battery/voltage': first('batteryVoltage', 2),
  'battery/temperature': first('batteryTemperature', 2),
  'battery/total_charge': add('totalBatteryCharge'),
  'battery/total_discharge': add('totalBatteryDischarge'),
  'battery/#/soc': first('stateOfCharge'),
  'battery/#/power': add('batteryPower', 1, -1),
  'battery/#/current': add('batteryCurrent', 1, -1),
  'battery/#/voltage': first('batteryVoltage'),
  'battery/#/temperature': first('batteryTemperature'),
  'bms/#/soc': first('stateOfCharge', 0),
  'bms/#/voltage': first('batteryVoltage', 0),
  'bms/#/temp': first('batteryTemperature', 0),
  'generator/total_power': add('generatorPower', TOTAL),
  'generator/#/power': add('generatorPower'),
  'ac/generator/total_power': add('generatorPower', TOTAL),
  'ac/generator/#/power': add('generatorPower'),
  radiator_temp: first('inverterTemperature', 2),
  'ac/temperature': first('inverterTemperature'),
  igbt_temp: first('inverterTemperature'),
};
/** The same suffix is the inverter's own power on one-phase hybrids, and the grid's on three-phase ones. */
const THREE_PHASE_GRID: Field = add('gridPower', 2);
const STATUS: Record<string, string> = { '0': 'Standby', '1': 'Self-check', '2': 'Normal', '3': 'Alarm', '4': 'Fault' };
const FIRST_LEVELS = /^(dc|ac|battery|bms|generator|settings|timeofuse|inverter|ct\d|total|system)$/;
const TELLING =
  /^(dc\/pv\d\/(power|voltage|current|day_energy|total_energy)|ac\/l[123]\/(voltage|current|power|ct\/\w+)|ac\/ups\/.+|ac\/(total_grid_power|total_internal_power)|battery\/(daily|total)_(dis)?charge)$/;
const SINGLE =
  /^(day_energy|total_energy|radiator_temp|igbt_temp|operating_power|uptime|status|logger_status|micro_inverter_power|(daily|total)_energy_(bought|sold))$/;

const certain: Recognition = { sureness: 0.95, reason: 'topics of deye-inverter-mqtt' };
const learned: Recognition = { sureness: 0.85, reason: 'the base topic of a Deye bridge' };
const likely: Recognition = { sureness: 0.7, reason: 'values named as deye-inverter-mqtt names them' };

/** What the bridge sets, and has no place for. */
const SETTINGS = /^(settings|timeofuse)\//;
const SAID = /^(inverter\/status|ac\/total_power|ac\/ups\/)/;

/** False for what the bridge does not say: others call a topic after the maker, too. */
const isOfBridge = (suffix: string): boolean =>
  Object.hasOwn(fields, patternOf(suffix)) || [TELLING, SINGLE, SETTINGS, SAID].some((known) => known.test(suffix));

/** Below a prefix of the owner's; several loggers are numbered. */
const OWN_BASE = /\/deye(\/\d+)?$/;

/** The base topic and the suffix of the bridge's table; null when there is none. */
function split(message: MessageView): { base: string; suffix: string } | null {
  const { segments } = message;
  const start = segments[0] === 'deye' ? 1 : Math.max(1, segments.length - 4);
  for (let i = start; i < segments.length; i++) {
    const isLast = i === segments.length - 1;
    if (isLast ? SINGLE.test(segments[i] ?? '') : FIRST_LEVELS.test(segments[i] ?? ''))
      return { base: segments.slice(0, i).join('/'), suffix: segments.slice(i).join('/') };
  }
  return null;
}

export const dialect: Dialect = {
  name: 'deye',
  commandTopics: ['deye/+/command', 'deye/+/+/command', 'deye/+/+/+/command'],

  recognise(message, context) {
    if (message.looksLikeObject || message.segments.length < 2) return null;
    const found = split(message);
    if (!found) return null;
    if ((message.segments[0] === 'deye' || OWN_BASE.test(found.base)) && isOfBridge(found.suffix)) return certain;
    if (context.memory?.parts.knowsBase('deye', found.base)) return learned;
    return TELLING.test(found.suffix) ? likely : null;
  },

  interpret(message, context) {
    const found = split(message);
    if (!found || message.text === null) return nothingMeasured();
    const { base, suffix } = found;
    if (TELLING.test(suffix)) context.memory?.parts.learnBase('deye', base);
    const draft = new Draft(context, message.receivedAt);
    if (/^(logger_)?status$/.test(suffix)) draft.text('deviceStatus', message.text);
    else if (suffix === 'inverter/status') draft.text('operatingMode', STATUS[message.text.trim()] ?? message.text);
    const number =
      /(?:pv|\/l|bms\/|battery\/)(\d)/.exec(suffix)?.[1] ?? /^(?:ac\/)?generator\/([abc])\//.exec(suffix)?.[1] ?? '';
    const order = Number(number) || 0;
    const field = fieldOf(suffix, base, context);
    if (field) draft.take(field, message.text, { id: number === '' ? base : `${base} ${number}`, order });
    return draft.finish(null, true);
  },
};

function fieldOf(suffix: string, base: string, context: DialectContext): Field | undefined {
  const parts = context.memory?.parts;
  if (/^(ac\/l3\/|ac\/total_internal_power$)/.test(suffix)) parts?.learnBase('deye three-phase', base);
  if (suffix === 'ac/total_power') return parts?.knowsBase('deye three-phase', base) ? THREE_PHASE_GRID : undefined;
  const pattern = patternOf(suffix);
  return Object.hasOwn(fields, pattern) ? fields[pattern] : undefined;
}

const patternOf = (suffix: string): string =>
  suffix
    .replace(/^(dc\/pv|ac\/(?:ups\/)?l|battery\/|bms\/)\d(?=\/)/, '$1#')
    .replace(/^((?:ac\/)?generator)\/[abc](?=\/)/, '$1/#');
