import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured, numberOf } from '../field-draft.ts';
import { add, FieldTable, first, half, whole } from '../field-table.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';

/**
 * Dutch, Belgian and Luxembourg smart meters (P1 port, DSMR): DSMR-reader (`dsmr/reading/electricity_delivered_1`, kW and
 * kWh), the P1 dongles of the DSMR-API (`<dongle>/power_delivered`, kW and kWh, as plain values or as lists of value and
 * unit), and esp8266_p1meter (`.../actual_consumption`, W, Wh and mA). What was delivered was bought, what was returned
 * sold; two tariffs are added. After the projects' documentation.
 */
const [KW, WH] = [1000, 0.001];
const reader = new FieldTable({
  electricity_currently_delivered: half('gridPower', 1, { by: KW }),
  electricity_currently_returned: half('gridPower', -1, { by: KW }),
  'electricity_delivered_#': add('totalGridImport'),
  'electricity_returned_#': add('totalGridExport'),
  'phase_voltage_l#': first('gridVoltage'),
  'phase_power_current_l#': add('gridCurrent'),
});
const today = new FieldTable({
  electricity_merged: whole('dailyGridImport'),
  electricity_returned_merged: whole('dailyGridExport'),
});
const dongle = new FieldTable({
  power_delivered: half('gridPower', 1, { by: KW }),
  power_returned: half('gridPower', -1, { by: KW }),
  'energy_delivered_tariff#': add('totalGridImport'),
  'energy_returned_tariff#': add('totalGridExport'),
  'voltage_l#': first('gridVoltage'),
  'current_l#': add('gridCurrent'),
});
const p1meter = new FieldTable({
  actual_consumption: half('gridPower', 1),
  actual_returndelivery: half('gridPower', -1),
  consumption_low_tarif: add('totalGridImport', { by: WH }),
  consumption_high_tarif: add('totalGridImport', { by: WH }),
  returndelivery_low_tarif: add('totalGridExport', { by: WH }),
  returndelivery_high_tarif: add('totalGridExport', { by: WH }),
  'l#_voltage': first('gridVoltage'),
  'l#_instant_power_current': add('gridCurrent', { by: 0.001 }),
});
/** What hansij66/dsmr2mqtt calls them, both tariffs in one: W and Wh. */
const tagged = new FieldTable({
  p_consumed: half('gridPower', 1),
  p_generated: half('gridPower', -1),
  el_consumed: whole('totalGridImport', { by: WH }),
  el_returned: whole('totalGridExport', { by: WH }),
  'V#': first('gridVoltage'),
});
const TELLING_DONGLE = /^(energy_(delivered|returned)_tariff[12]|power_(delivered|returned)|electricity_tariff)$/;
const OTHER_DONGLE =
  /^(identification|p1_version(_be)?|equipment_id|timestamp|gas_\w+|water_\w+|electricity_\w+|power_(delivered|returned)_l\d|peak_\w+|message_\w+|fuse_\w+)$/;
const TELLING_P1METER = /^(consumption|returndelivery)_(low|high)_tarif$|^actual_(consumption|returndelivery)$/;
const OTHER_P1METER = /^(l\d_instant_power_usage|actual_tarif_group|gas_meter_m3|(short|long)_power_\w+)$/;

const certain: Recognition = { sureness: 0.95, reason: 'topics of a smart meter reader (DSMR)' };
const likely: Recognition = { sureness: 0.8, reason: 'values of a smart meter as P1 readers name them' };
const learned: Recognition = { sureness: 0.7, reason: 'the topic of a P1 reader' };

/** `EnergyDeliveredTariff1` is `energy_delivered_tariff1`. */
function nameOf(message: MessageView): string {
  const name = message.tail(0);
  return /[a-z][A-Z]/.test(name) ? name.replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase() : name;
}

type Form = 'reader' | 'tagged' | 'parsed' | 'today' | 'dongle' | 'p1meter' | 'other' | null;

function formOf(message: MessageView, isKnown: boolean): Form {
  // A whole telegram is read by its codes (`obis.ts`).
  if (message.text?.includes('*kWh)')) return null;
  const [name, group] = [nameOf(message), message.tail(1)];
  if (group === 'reading') return /^(electricity_|phase_|timestamp|extra_device)/.test(name) ? 'reader' : null;
  if (group === 'day-consumption') return 'today';
  if (message.looksLikeObject && message.leaves.names.has('el_consumed') && message.leaves.names.has('p_consumed'))
    return 'tagged';
  if (isParsed(message)) return 'parsed';
  if (message.segments[0] === 'dsmr') return message.looksLikeObject ? 'reader' : 'other';
  if (TELLING_P1METER.test(name)) return 'p1meter';
  if (TELLING_DONGLE.test(name)) return 'dongle';
  if (!isKnown) return null;
  if (p1meter.has(name)) return 'p1meter';
  return dongle.has(name) ? 'dongle' : OTHER_P1METER.test(name) || OTHER_DONGLE.test(name) ? 'other' : null;
}

/** One object by the names of a telegram's parser: in kW, which a meter counts in thousandths. */
function isParsed({ looksLikeObject, json, leaves: { names } }: MessageView): boolean {
  if (!looksLikeObject || !names.has('power_delivered') || !names.has('energy_delivered_tariff1')) return false;
  const powers = [json?.power_delivered, json?.power_returned].map(numberOf).filter((value) => value !== null);
  return powers.length > 0 && powers.every((value) => value < MOST_KW) && powers.some((value) => value % 1 !== 0);
}
/** No house draws more. */
const MOST_KW = 100;

export const dialect: Dialect = {
  name: 'dsmr',

  recognise(message, context) {
    if (message.segments.length < 2) return null;
    const isKnown = context.memory?.parts.knowsBase('dsmr', message.base(1)) === true;
    const form = formOf(message, isKnown);
    if (form === null) return null;
    if (form === 'tagged' || form === 'parsed') return likely;
    if (form === 'reader' || form === 'today' || form === 'other') return isKnown ? learned : certain;
    return isKnown || !message.looksLikeObject || listed(message) !== null ? likely : null;
  },

  interpret(message, context) {
    const name = nameOf(message);
    const parts = context.memory?.parts;
    const form = formOf(message, parts?.knowsBase('dsmr', message.base(1)) === true);
    if (form === null || form === 'other' || message.text === null) return nothingMeasured();
    const draft = new Draft(context, message.receivedAt);
    if ((form === 'reader' || form === 'tagged') && message.json) {
      (form === 'reader' ? reader : tagged).takeAll(draft, message.json);
      return draft.finish(draft.time(message.json.timestamp));
    }
    if (form === 'parsed' && message.json) {
      dongle.takeAll(draft, message.json);
      return draft.finish(draft.time(message.json.timestamp));
    }
    if (form === 'reader') reader.take(draft, name, message.text);
    else if (form === 'today') today.take(draft, name, message.text);
    else {
      parts?.learnBase('dsmr', message.base(1));
      const said = listed(message) ?? message.text;
      const raw = form === 'dongle' && /^power_/.test(name) ? inItsUnit(said) : said;
      if (raw !== null) (form === 'dongle' ? dongle : p1meter).take(draft, name, raw, tariff(name));
    }
    return draft.finish(null, true);
  },
};

/** Low and high tariff are two counters of one meter. */
const tariff = (name: string) => /_(low|high)_tarif$/.exec(name)?.[1] ?? '';

/** A meter writes kW in thousandths; who sends whole hundreds has them in W, and of one figure that is not sure (null). */
function inItsUnit(text: string): string | null {
  if (!/^[1-9]\d*$/.test(text.trim())) return text;
  return text.trim().length > 1 ? `${text} W` : null;
}

/** `{"power_delivered":[{"value":0.3,"unit":"kW"}]}`: the value with its unit. */
function listed(message: MessageView): string | null {
  const list = message.json?.[message.tail(0)];
  const entry = Array.isArray(list) ? asObject(list[0]) : null;
  if (entry === null || (typeof entry.value !== 'number' && typeof entry.value !== 'string')) return null;
  return typeof entry.unit === 'string' ? `${entry.value} ${entry.unit}` : String(entry.value);
}
