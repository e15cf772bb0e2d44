import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * evcc: `evcc/site/...`, one plain value a message. Names after docs.evcc.io (MQTT API, state). Battery power is positive
 * while discharging, grid power while importing; energies are in kWh.
 */
const TOTAL = 2;
/** `#` stands for a number. */
const fields: Record<string, Field> = {
  homePower: { to: 'loadPower' },
  pvPower: { to: 'solarPower' },
  'pv/#/power': { to: 'solarPower', how: 'sum' },
  pvEnergy: { to: 'totalEnergyProduced' },
  'pv/#/energy': { to: 'totalEnergyProduced', how: 'sum' },
  gridPower: { to: 'gridPower' },
  'grid/power': { to: 'gridPower' },
  'grid/powers/#': { to: 'gridPower', how: 'sum' },
  gridEnergy: { to: 'totalGridImport' },
  'grid/energy': { to: 'totalGridImport' },
  'grid/currents/#': { to: 'gridCurrent', how: 'sum' },
  'gridCurrents/#': { to: 'gridCurrent', how: 'sum' },
  'grid/voltages/#': { to: 'gridVoltage', how: 'first' },
  batteryPower: { to: 'batteryPower', by: -1 },
  'battery/power': { to: 'batteryPower', by: -1 },
  'battery/#/power': { to: 'batteryPower', by: -1, how: 'sum' },
  'battery/devices/#/power': { to: 'batteryPower', by: -1, how: 'sum' },
  batterySoc: { to: 'stateOfCharge' },
  batterySoC: { to: 'stateOfCharge' },
  'battery/soc': { to: 'stateOfCharge' },
  'battery/#/soc': { to: 'stateOfCharge', how: 'first', rank: TOTAL - 1 },
  'battery/devices/#/soc': { to: 'stateOfCharge', how: 'first', rank: TOTAL - 1 },
};
const TELLING =
  /^(homePower|pvPower|greenShare\w*|batterySo[cC]|gridPower|siteTitle|tariff\w+|batteryGridCharge\w*|prioritySo[cC]|bufferSo[cC])$/;

const certain: Recognition = { sureness: 0.95, reason: 'topics of evcc' };
const learned: Recognition = { sureness: 0.85, reason: 'the base topic of an evcc' };
const likely: Recognition = { sureness: 0.7, reason: 'site values named as evcc names them' };

function siteOf(message: MessageView): number {
  const { segments } = message;
  const start = segments.length - 5;
  for (let i = segments.length - 2; i >= 0 && i >= start; i--) if (segments[i] === 'site') return i;
  return -1;
}

export const dialect: Dialect = {
  name: 'evcc',
  commandTopics: ['evcc/+/set', 'evcc/site/+/set', 'evcc/loadpoints/+/+/set', 'evcc/loadpoints/+/+/+/set'],

  recognise(message, context) {
    if (message.looksLikeObject) return null;
    const [first = '', second = ''] = message.segments;
    if (first === 'evcc' && /^(site|loadpoints|vehicles|status|updated|statistics)$/.test(second)) return certain;
    const site = siteOf(message);
    if (site < 1) return null;
    if (context.memory?.parts.knowsBase('evcc', message.segments.slice(0, site).join('/'))) return learned;
    return site === message.segments.length - 2 && TELLING.test(message.tail(0)) ? likely : null;
  },

  interpret(message, context) {
    const { text, segments } = message;
    if (text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    if (segments.length === 2 && segments[1] === 'status') draft.text('deviceStatus', text);
    const site = siteOf(message);
    if (site < 1) return draft.finish(null, true);
    const path = segments.slice(site + 1).join('/');
    if (TELLING.test(path)) context.memory?.parts.learnBase('evcc', segments.slice(0, site).join('/'));
    const pattern = path.replace(/\/\d{1,2}(?=\/|$)/, '/#');
    const number = pattern === path ? '' : (/\/(\d{1,2})(?:\/|$)/.exec(path)?.[1] ?? '');
    const field = Object.hasOwn(fields, pattern) ? fields[pattern] : undefined;
    if (field) draft.take(field, text, { id: number, order: Number(number) });
    return draft.finish(null, true);
  },
};
