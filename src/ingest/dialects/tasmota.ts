import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { asObject, type MessageView } from '../message-view.ts';
import { livePhase, meterMetrics } from '../meter-role.ts';

/**
 * Tasmota: `tele/<device>/SENSOR` and `stat/<device>/STATUS8|STATUS10` with `ENERGY` (plugs and meters, several phases as
 * lists) or a smart meter's own group (`Power_curr`, `Total_in`, `Total_out`). Energies in kWh, `Period` in Wh; `Time` is
 * local unless it names its zone. After tasmota/docs.
 */
const LAST =
  /^(SENSOR|STATUS8|STATUS10|STATE|LWT|INFO[123]|RESULT|POWER\d?|STATUS\d{0,2}|UPTIME|BUTTON\d|DISCOVERY|ENERGY)$/;
/** What owners call a smart meter's values in their scripts, in lower case. */
const METER_POWER =
  /^(p|power(_?(curr|cur|current|total|sum|gesamt))?|curr_w|(dj_)?tpwrcurr|watt(_?(summe|sum|gesamt|total))?|(wirk|momentan)?leistung(_?(aktuell|gesamt|summe))?)$/;
const METER_IN =
  /^(total_?(in|import|kwh)|kwh_in|e_?in|import(active)?|energy_(sum|in|import)|consumption|(dj_)?tpwrin|(netz)?(verbrauch|bezug)(_?(summe|gesamt|total))?|zaehlerstand(_(bezug|verbrauch))?)$/;
const METER_OUT =
  /^(total_?(out|export)|kwh_out|e_?out|export(active)?|energy_(feed|out|export)|feed_?in|(dj_)?tpwrout|(netz)?(einspeisung|lieferung)(_?(summe|gesamt|total))?)$/;
const METER_VOLTAGE = /^(volt(age)?|spannung)_?(l|p)1$|^32_7_0$/;
/** Both ways beside each other, in kW. */
const [KW_IN, KW_OUT, KW] = [/^kw_in$/, /^kw_out$/, 1000];
/** What was bought, beside what was sold under another name. */
const METER_TOTAL = /^(total|gesamt|e_?total|zaehlerstand)$/;

const certain: Recognition = { sureness: 0.97, reason: 'energy readings of Tasmota' };
const likely: Recognition = { sureness: 0.8, reason: 'topics of Tasmota' };

export const dialect: Dialect = {
  name: 'tasmota',
  commandTopics: ['cmnd/#', '+/cmnd/#'],

  recognise(message) {
    if (!LAST.test(message.tail(0))) return null;
    const { segments } = message;
    const isTopic = segments.length >= 3 && (segments.includes('tele') || segments.includes('stat'));
    if (message.looksLikeObject && message.text?.includes('"ENERGY"')) return isTopic ? certain : likely;
    return isTopic ? likely : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    if (message.tail(0) === 'LWT' && message.text !== null) {
      draft.text('deviceStatus', message.text.split(' ')[0]);
      return draft.finish(null, true);
    }
    const json = message.json;
    const sensors = json && sensorsOf(message, json);
    if (!sensors) return nothingMeasured();
    const device = deviceOf(message);
    const energy = asObject(sensors.ENERGY);
    if (energy) readEnergy(draft, energy, device, context);
    else if (!readClamps(draft, sensors, device, context) && !readLinky(draft, sensors, device, context))
      readSmartMeter(draft, sensors, device, context);
    return draft.finish(draft.time(sensors.Time));
  },
};

/** Before 5.12 `ENERGY` was a topic of its own. */
function sensorsOf(message: MessageView, json: Record<string, unknown>): Record<string, unknown> | null {
  if (message.tail(0) === 'ENERGY') return { Time: json.Time, ENERGY: json };
  return asObject(json.StatusSNS) ?? (message.tail(0) === 'SENSOR' ? json : null);
}

const deviceOf = (message: MessageView) =>
  message.segments
    .filter((s) => s !== 'tele' && s !== 'stat')
    .slice(0, -1)
    .join('/');
const asPart = (to: Field['to'] | null, how: 'sum' | 'first'): Field | null => to && { to, how, rank: 2 };

function readEnergy(draft: Draft, energy: Record<string, unknown>, device: string, context: DialectContext): void {
  const exported = energy.ExportActive ?? energy.Export ?? energy.ExportActivePower;
  const exports = exported !== undefined;
  const meter = meterMetrics(context.role, exports ? 'grid' : 'load');
  const give = (field: Field | null, value: unknown) => field && draft.take(field, value, { id: device, order: 0 });
  const Power = energy.Power ?? energy.ActivePower;
  // Before 8.3.1 a meter of one phase wrote its total and that of each tariff in one list.
  const energyOf = (raw: unknown) => (Array.isArray(Power) ? total(raw) : one(raw));
  give(asPart(meter.power, 'sum'), total(Power));
  give(asPart(meter.apparent, 'sum'), total(energy.ApparentPower));
  give(asPart(meter.current, 'sum'), total(energy.Current));
  const live = Array.isArray(energy.Voltage) ? livePhase(energy.Voltage.map(numberOf)) : 0;
  give(asPart(meter.voltage, 'first'), one(energy.Voltage, live));
  give(asPart(meter.frequency, 'first'), one(energy.Frequency, live));
  give(asPart(meter.total, 'sum'), energyOf(energy.ImportActivePower ?? energy.Total));
  give(asPart(meter.day, 'sum'), total(energy.Today));
  give(asPart(meter.returned, 'sum'), energyOf(exported));
  for (const [name, value] of [['power', Power] as const, ['voltage', energy.Voltage] as const])
    if (Array.isArray(value)) for (const [i, v] of value.slice(0, 8).entries()) draft.note(`${name}:${i + 1}`, v);
}

/** Clamps at the analog inputs (`CTEnergy1`), of which each says the same. */
function readClamps(draft: Draft, sensors: Record<string, unknown>, device: string, context: DialectContext): boolean {
  const clamps = Object.entries(asObject(sensors.ANALOG) ?? {}).flatMap(([name, value]) => {
    const clamp = /^CTEnergy\d*$/.test(name) ? asObject(value) : null;
    return clamp ? [clamp] : [];
  });
  const all = (name: string) => clamps.map((clamp) => clamp[name]);
  const [Power, Current, Voltage, Total] = [all('Power'), all('Current'), all('Voltage'), all('Energy')];
  if (clamps.length > 0) readEnergy(draft, { Power, Current, Voltage, Total }, device, context);
  return clamps.length > 0;
}

/** A French meter by its own interface: `P` is in VA, `W` in W. */
function readLinky(draft: Draft, sensors: Record<string, unknown>, device: string, context: DialectContext): boolean {
  const linky = asObject(sensors.METER);
  if (!linky || linky.PH === undefined || linky.W === undefined) return false;
  const meter = meterMetrics(context.role, 'grid');
  const give = (field: Field | null, raw: unknown) => field && draft.take(field, raw, { id: device, order: 0 });
  give(asPart(meter.power, 'sum'), linky.W);
  give(asPart(meter.current, 'sum'), linky.I);
  give(asPart(meter.voltage, 'first'), linky.U ?? linky.U1);
  return true;
}

/** A meter read by Tasmota's smart meter interface: the group's name is the owner's, its fields by custom. */
function readSmartMeter(draft: Draft, sensors: Record<string, unknown>, device: string, context: DialectContext): void {
  for (const value of Object.values(sensors)) {
    const group = asObject(value);
    const isMeter = group && (pick(group, METER_IN) !== undefined || pick(group, METER_OUT) !== undefined);
    if (!isMeter) continue;
    const meter = meterMetrics(context.role, 'grid');
    const give = (field: Field | null, raw: unknown) => field && draft.take(field, raw, { id: device, order: 0 });
    give(asPart(meter.power, 'sum'), pick(group, METER_POWER));
    const sold = pick(group, METER_OUT);
    give(asPart(meter.total, 'sum'), pick(group, METER_IN) ?? (sold === undefined ? sold : pick(group, METER_TOTAL)));
    give(asPart(meter.returned, 'sum'), sold);
    if (meter.power === 'gridPower')
      for (const [names, side] of [[KW_IN, 1] as const, [KW_OUT, -1] as const])
        give({ to: meter.power, side, by: KW, rank: 2 }, pick(group, names));
    give(asPart(meter.voltage, 'first'), pick(group, METER_VOLTAGE));
    return;
  }
}

const pick = (group: Record<string, unknown>, names: RegExp) => {
  const name = Object.keys(group).find((n) => names.test(n.toLowerCase()) && numberOf(group[n]) !== null);
  return name === undefined ? undefined : group[name];
};

/** Phases come as a list: added up where all of them are numbers. */
function total(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  let sum = 0;
  for (const item of value) {
    const number = numberOf(item);
    if (number === null) return null;
    sum += number;
  }
  return value.length > 0 ? Number(sum.toPrecision(12)) : null;
}

const one = (value: unknown, at = 0): unknown => (Array.isArray(value) ? value[at] : value);
