import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured } from '../field-draft.ts';
import { add, FieldTable, first, whole } from '../field-table.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * E3/DC home power stations over pvtom/rscp2mqtt: `e3dc/<group>/...`, one plain value a message. Names and units after its
 * TOPICS.md; energies of `solar`, `home` and `grid` are those of today in kWh, `grid/energy/in` is what was fed in. Battery
 * power is positive while charging, grid power while importing (home = solar + grid - battery in recorded messages).
 */
const TOTAL = 3;
const table = new FieldTable({
  'solar/power': whole('solarPower', { rank: TOTAL }),
  'solar/energy': whole('dailyEnergyProduced'),
  'home/power': whole('loadPower'),
  'home/energy': whole('dailyEnergyConsumed'),
  'grid/power': whole('gridPower'),
  'grid/energy/in': whole('dailyGridExport'),
  'grid/energy/out': whole('dailyGridImport'),
  'battery/power': whole('batteryPower'),
  'battery/soc': whole('stateOfCharge'),
  'battery/soh': whole('stateOfHealth'),
  'battery/voltage': whole('batteryVoltage'),
  'battery/usable_capacity': whole('batteryCapacity'),
  'battery/usable_remaining_capacity': whole('remainingCapacity'),
  'pvi/power/string_#': add('solarPower'),
  'pvi/voltage/string_#': first('solarVoltage'),
  'pvi/current/string_#': add('solarCurrent'),
  'pvi/voltage/L#': first('gridVoltage'),
  'pvi/frequency': first('gridFrequency'),
  'pvi/temperature/#': first('inverterTemperature'),
});
const GROUP =
  /^(battery|solar|home|grid|pvi|pm|pm_\d|ems|addon|wallbox|system|reserve|limit|idle_period|coupling|time|rscp2mqtt|autarky|consumed|mode|day|week|month|year|grid_in_limit.*|sunshine_duration|error_message|history|farm|set)$/;
const TELLING =
  /^(rscp2mqtt\/|ems\/(used|user|remaining|max|battery|dcdc)_|pvi\/(power|voltage|current|energy_all|energy_day)\/(string_\d|L\d)$|battery\/(rsoc_real|dcb\/))/;

const certain: Recognition = { sureness: 0.95, reason: 'topics of an E3/DC bridge (rscp2mqtt)' };
const likely: Recognition = { sureness: 0.7, reason: 'values named as rscp2mqtt names them' };

/** The base topic and what follows it; null where no group of the bridge does. */
function split(message: MessageView): { base: string; path: string } | null {
  const { segments } = message;
  for (let i = 1; i < segments.length && i < 4; i++)
    if (GROUP.test(segments[i] ?? ''))
      return { base: segments.slice(0, i).join('/'), path: segments.slice(i).join('/') };
  return null;
}

export const dialect: Dialect = {
  name: 'e3dc',
  commandTopics: ['e3dc/set/#'],

  recognise(message, context) {
    if (message.looksLikeObject) return null;
    const found = split(message);
    if (found === null) return null;
    if (message.segments[0] === 'e3dc') return certain;
    if (TELLING.test(found.path)) return likely;
    return context.memory?.parts.knowsBase('e3dc', found.base) ? likely : null;
  },

  interpret(message, context) {
    const found = split(message);
    if (found === null || message.text === null) return nothingMeasured();
    if (TELLING.test(found.path)) context.memory?.parts.learnBase('e3dc', found.base);
    const draft = new Draft(context, message.receivedAt);
    if (found.path === 'mode') draft.text('operatingMode', message.text);
    table.take(draft, found.path, message.text);
    return draft.finish(null, true);
  },
};
