import type { Dialect, DialectContext, Recognition } from '../dialect.ts';
import { Draft, type Field, nothingMeasured, numberOf } from '../field-draft.ts';
import { livePhase, meterMetrics } from '../meter-role.ts';
import { asObject, type MessageView } from '../payload/message-view.ts';
import { readScripts } from './tasmota-scripts.ts';

/**
 * Tasmota: `tele/<device>/SENSOR` and `stat/<device>/STATUS8|STATUS10` with `ENERGY` (plugs and meters, several phases as
 * lists) or a smart meter's own group (`Power_curr`, `Total_in`, `Total_out`). Energies in kWh, `Period` in Wh; `Time` is
 * local unless it names its zone. After tasmota/docs.
 */
const LAST =
  /^(SENSOR|STATUS8|STATUS10|STATE|LWT|INFO[123]|RESULT|POWER\d?|STATUS\d{0,2}|UPTIME|BUTTON\d|DISCOVERY|ENERGY)$/;

const TIMED = /^\s*\{\s*"Time"\s*:\s*"20\d\d-\d\d-\d\dT/;

const certain: Recognition = { sureness: 0.97, reason: 'energy readings of Tasmota' };
const likely: Recognition = { sureness: 0.8, reason: 'topics of Tasmota' };

export const dialect: Dialect = {
  name: 'tasmota',
  commandTopics: ['cmnd/#', '+/cmnd/#'],

  recognise(message) {
    if (!LAST.test(message.tail(0))) return null;
    const { segments } = message;
    // Who leaves the prefix out of its topics is known by how it begins.
    const isTopic =
      (segments.length >= 3 && (segments.includes('tele') || segments.includes('stat'))) ||
      (message.tail(0) === 'SENSOR' && TIMED.test(message.text ?? ''));
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
    const energy = asObject(sensors.ENERGY) ?? relaysOf(sensors);
    if (energy) readEnergy(draft, energy, device, context);
    else if (sensors.ZbReceived !== undefined) readZigbee(draft, asObject(sensors.ZbReceived) ?? {}, context);
    else if (!readClamps(draft, sensors, device, context) && !readLinky(draft, sensors, device, context))
      readScripts(draft, sensors, { device, message }, context);
    return draft.finish(draft.time(sensors.Time));
  },
};

/** Before 5.12 `ENERGY` was a topic of its own. */
function sensorsOf(message: MessageView, json: Record<string, unknown>): Record<string, unknown> | null {
  if (message.tail(0) === 'ENERGY') return { Time: json.Time, ENERGY: json };
  return asObject(json.StatusSNS) ?? (message.tail(0) === 'SENSOR' ? json : null);
}

/** Sonoff's SPM: each relay's values, in lists. */
function relaysOf({ SPM }: Record<string, unknown>): Record<string, unknown> | null {
  const relays = asObject(SPM);
  return relays && { ...relays, Total: relays.Energy };
}

const deviceOf = (message: MessageView) =>
  message.segments
    .filter((s) => s !== 'tele' && s !== 'stat')
    .slice(0, -1)
    .join('/');
const asPart = (to: Field['to'] | null, how: 'sum' | 'first'): Field | null => to && { to, how, rank: 2 };

function readEnergy(draft: Draft, energy: Record<string, unknown>, device: string, context: DialectContext): void {
  const exported = energy.ExportActive ?? energy.Export ?? energy.ExportActivePower ?? energy.Supply;
  const exports = exported !== undefined;
  const meter = meterMetrics(context.role, exports ? 'grid' : 'load');
  const give = (field: Field | null, value: unknown) => field && draft.take(field, value, { id: device, order: 0 });
  const Power = energy.Power ?? energy.ActivePower;
  // Before 8.3.1 a meter of one phase wrote its total and that of each tariff in one list.
  const energyOf = (raw: unknown) => (Array.isArray(Power) ? total(raw) : one(raw));
  // A driver of one's own may say what all phases give.
  give(asPart(meter.power, 'sum'), numberOf(energy.TotalPower) === null ? total(Power) : energy.TotalPower);
  give(asPart(meter.apparent, 'sum'), total(energy.ApparentPower));
  give(asPart(meter.current, 'sum'), total(energy.Current));
  const live = Array.isArray(energy.Voltage) ? livePhase(energy.Voltage.map(numberOf)) : 0;
  give(asPart(meter.voltage, 'first'), one(energy.Voltage, live));
  give(asPart(meter.frequency, 'first'), one(energy.Frequency ?? energy.Freq, live));
  const imported = energy.ImportActivePower ?? energy.ImportActive;
  const bought = exports && imported !== undefined ? energyOf(imported) : energyOf(energy.Total);
  give(asPart(meter.total, 'sum'), bought);
  // A total that counts both ways makes a day that does.
  if (isSame(bought, energyOf(energy.Total)) || energy.ImportActive === undefined)
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

/** What a current and a power may be apart, where the current is in A: some plugs write mA. */
const [LEAST_OF_PRODUCT, MOST_OF_PRODUCT] = [0.3, 3];

/** Plugs behind a bridge for Zigbee; what they measure their owner says. */
function readZigbee(draft: Draft, plugs: Record<string, unknown>, { role }: DialectContext): void {
  if (role === undefined || role === 'system') return;
  const meter = meterMetrics(role, 'load');
  for (const [id, raw] of Object.entries(plugs)) {
    const { ActivePower, RMSVoltage, RMSCurrent } = asObject(raw) ?? {};
    const give = (to: Field['to'] | null, how: 'sum' | 'first', value: unknown) =>
      to && value !== undefined && draft.take({ to, how, rank: 2 }, value, { id, order: 0 });
    give(meter.power, 'sum', ActivePower);
    give(meter.voltage, 'first', RMSVoltage);
    const share = ((numberOf(RMSVoltage) ?? 0) * (numberOf(RMSCurrent) ?? 0)) / (numberOf(ActivePower) ?? 0);
    if (share > LEAST_OF_PRODUCT && share < MOST_OF_PRODUCT) give(meter.current, 'sum', RMSCurrent);
  }
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

/** Two counters of the same energy, read one after the other. */
const isSame = (a: unknown, b: unknown): boolean => Math.abs((numberOf(a) ?? 0) - (numberOf(b) ?? 0)) < 1;

const one = (value: unknown, at = 0): unknown => (Array.isArray(value) ? value[at] : value);
