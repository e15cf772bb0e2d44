import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';

/**
 * AhoyDTU: `<base>/<inverter>/ch<n>/<field>` (ch0 is AC) or, in JSON mode, one object for `<base>/<inverter>/ch<n>`, and
 * `<base>/total`; base is `inverter` unless configured. Units after lumapu/ahoy src/hm/hmDefines.h: YieldDay in Wh,
 * YieldTotal in kWh.
 */
const CHANNEL = /^ch(\d)$/;
const TOTAL = 3;

const ac: Record<string, Field> = {
  P_AC: { to: 'solarPower', how: 'sum', rank: 2 },
  U_AC: { to: 'gridVoltage', how: 'first' },
  U_AC_1N: { to: 'gridVoltage', how: 'first' },
  F_AC: { to: 'gridFrequency', how: 'first' },
  Temp: { to: 'inverterTemperature', how: 'first' },
  YieldDay: { to: 'dailyEnergyProduced', by: 0.001, how: 'sum', rank: 2 },
  YieldTotal: { to: 'totalEnergyProduced', how: 'sum', rank: 2 },
};
const dc: Record<string, Field> = {
  P_DC: { to: 'solarPower', how: 'sum', rank: 1 },
  U_DC: { to: 'solarVoltage', how: 'first' },
  I_DC: { to: 'solarCurrent', how: 'sum' },
};
const total: Record<string, Field> = {
  P_AC: { to: 'solarPower', rank: TOTAL },
  YieldDay: { to: 'dailyEnergyProduced', by: 0.001, rank: TOTAL },
  YieldTotal: { to: 'totalEnergyProduced', rank: TOTAL },
};
const OTHER_FIELDS =
  /^(I_?AC.*|U_?AC_.*|Q_AC|PF_AC|P_DC|Efficiency|Irradiation|YieldWeek|MaxPower|MaxTemp|LastAlarmCode|ALARM_MES_ID|active_PowerLimit|PowerLimit|FW.*|HWPartId|ack_pwr_limit)$/;
const AVAILABILITY: Record<string, string> = { '0': 'Not reachable', '1': 'Idle', '2': 'Producing' };

const certain: Recognition = { sureness: 0.95, reason: 'channels and fields of AhoyDTU' };
const learned: Recognition = { sureness: 0.85, reason: 'the base topic of an AhoyDTU' };

const isField = (name: string) => Object.hasOwn(ac, name) || Object.hasOwn(dc, name) || OTHER_FIELDS.test(name);
const hasField = (json: Record<string, unknown> | null) => json !== null && Object.keys(json).some(isField);

function isOwn(message: MessageView): boolean {
  const [last, before] = [message.tail(0), message.tail(1)];
  if ((CHANNEL.test(before) || before === 'total') && isField(last)) return true;
  return message.looksLikeObject && (CHANNEL.test(last) || last === 'total') && hasField(message.json);
}

/** `<base>/<inverter>/available`, `<base>/status` and so on, of a base that is known. */
function isBeside(message: MessageView, isKnown: (base: string) => boolean): boolean {
  const last = message.tail(0);
  if (/^(available|last_success|ack_pwr_limit|alarm|radio_stat)$/.test(last)) return isKnown(message.base(2));
  return /^(status|sunrise|sunset|comm_disabled|version|device|uptime|wifi_rssi|free_heap|heap_frag|dis_night_comm|mqtt|ip_addr)$/.test(
    last,
  )
    ? isKnown(message.base(1))
    : false;
}

export const dialect: Dialect = {
  name: 'ahoy',
  commandTopics: ['inverter/ctrl/#', '+/ctrl/#'],

  recognise(message, context) {
    if (isOwn(message)) return certain;
    if (message.looksLikeObject) return null;
    const { memory } = context;
    const isKnown = (base: string) => base === 'inverter' || memory?.parts.knowsBase('ahoy', base) === true;
    return isBeside(message, isKnown) ? learned : null;
  },

  interpret(message, context) {
    if (message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    const isJson = message.looksLikeObject;
    const place = isJson ? message.tail(0) : message.tail(1);
    const channel = CHANNEL.exec(place)?.[1];
    if (channel === undefined && place !== 'total') {
      if (message.tail(0) === 'available') draft.text('operatingMode', AVAILABILITY[message.text.trim()]);
      return draft.finish(null, true);
    }
    context.memory?.parts.learnBase('ahoy', message.base((isJson ? 1 : 2) + (channel === undefined ? 0 : 1)));
    const fields = isJson ? (message.json ?? {}) : { [message.tail(0)]: message.text };
    const inverter = isJson ? message.tail(1) : message.tail(2);
    readChannel(draft, channel, inverter, fields);
    return draft.finish(draft.time(fields.ts), !isJson || draft.time(fields.ts) === null);
  },
};

function readChannel(draft: Draft, channel: string | undefined, inverter: string, fields: Record<string, unknown>) {
  const table = channel === undefined ? total : channel === '0' ? ac : dc;
  const id = channel === undefined ? '' : channel === '0' ? inverter : `${inverter} ${channel}`;
  for (const [name, value] of Object.entries(fields)) {
    const field = Object.hasOwn(table, name) ? table[name] : undefined;
    if (field) draft.take(field, value, { id, order: Number(channel ?? 0) });
    else if (name === 'LastAlarmCode' && (typeof value === 'number' || typeof value === 'string'))
      draft.codes('warningCodes', value);
  }
}
