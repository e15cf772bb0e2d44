import type { DialectContext } from '../dialect.ts';
import { type Draft, type Field, numberOf } from '../field-draft.ts';
import { asObject, MessageView } from '../message-view.ts';
import { isLive, meterMetrics } from '../meter-role.ts';
import { readObject } from '../plain-object.ts';

/**
 * What owners let Tasmota read by scripts of their own: a smart meter (its smart meter interface), or a charge controller. The
 * group's name is the owner's, and so are the fields', by custom. After tasmota/docs.
 */

/** What owners call a smart meter's values in their scripts, in lower case. */
const METER_POWER =
  /^(p|power(_?(curr|cur|current|total|sum|gesamt))?|curr_w|(dj_)?tpwrcurr|watt(_?(summe|sum|gesamt|total))?|(wirk|momentan)?leistung(_?(aktuell|gesamt|summe))?)$/;
const METER_IN =
  /^(total_?(in|import|kwh)|kwh_in|e_?in|import(active)?|energy_((tot(al)?_)?(sum|in|import))|consumption|(dj_)?tpwrin|(netz)?(verbrauch|bezug)(_?(summe|gesamt|total))?|zaehlerstand(_(bezug|verbrauch))?|(counter|count|energy)_pos(itive)?|\+a|(wirk)?energie_plus)$/;
const METER_OUT =
  /^(total_?(out|export)|kwh_out|e_?out|export(active)?|energy_((tot(al)?_)?(feed|out|export))|feed_?in|(dj_)?tpwrout|(netz)?(einspeisung|lieferung)(_?(summe|gesamt|total))?|(counter|count|energy)_neg(ative)?|-a|(wirk)?energie_minus)$/;
/** Both ways at once: `in` alone may be anything's. */
const [WAY_IN, WAY_OUT] = [/^in$/, /^out$/];
const METER_VOLTAGE = /^(volt(age)?|spannung)_?(l|p)1$|^32_7_0$/;
/** Both ways beside each other, in kW; as a standard has it, in W. */
const WAYS = [
  [/^kw_in$/, 1, 1000],
  [/^kw_out$/, -1, 1000],
  [/^\+p$/, 1, 1],
  [/^-p$/, -1, 1],
] as const;
/** Both ways, in W or kW. */
const PLUS_MINUS = [
  [/^(wirk|momentan)?leistung_plus$|^power_plus$/, 1],
  [/^(wirk|momentan)?leistung_minus$|^power_minus$/, -1],
] as const;
/** What flows is about voltage times current; a thousand times less is in kW. */
const [LEAST_KW, MOST_KW] = [300, 3000];
/** What was bought, beside what was sold under another name. */
const METER_TOTAL = /^(total|gesamt|e_?total|zaehlerstand)$/;
const METER_FREQUENCY = /^(freq|frequency|frequenz|hz)$/;
const PHASE_POWER = /^(power|leistung|p)_?(l|p)?[123]$/;
const PHASE_VOLTAGE = /^(volt(age)?|spannung|u)_?(l|p)?[123]$/;
const PHASE_CURRENT = /^(current|strom|i)_?(l|p)?[123]$/;

/** Sensors that Tasmota itself names, after their chips: a current of theirs may be anything's. */
const CHIP = /^([A-Z]{2,4}\d{2,4}[A-Z]?\d?([-_]\w+)?|ESP32|ANALOG|COUNTER|DHT\w*|Switch\w*)$/;
const LEAST_VALUES = 3;

/** Under it the groups of meters are remembered. */
const METER = 'tasmota-meter';

interface From {
  device: string;
  message: MessageView;
}

/** Takes a smart meter's group; where there is none, what words say of the others. */
export function readScripts(draft: Draft, sensors: Record<string, unknown>, from: From, context: DialectContext): void {
  const groups = Object.entries(sensors).flatMap(([name, value]) => {
    const group = asObject(value);
    return group ? [{ name, group }] : [];
  });
  const { parts } = context.memory ?? {};
  const placeOf = (name: string) => `${from.device}/${name}`;
  // What flows comes alone, too, at once; the counters from time to time.
  const isKnown = (name: string, group: Record<string, unknown>) =>
    parts?.knowsBase(METER, placeOf(name)) === true && pick(group, METER_POWER) !== undefined;
  // A meter that says one value at a time is known by its owner's word.
  const isSaid = (name: string) => context.role === 'grid' && !CHIP.test(name);
  const meter = groups.find(({ name, group }) => isMeter(group) || isKnown(name, group) || isSaid(name));
  if (meter && isMeter(meter.group)) parts?.learnBase(METER, placeOf(meter.name));
  if (meter) readMeter(draft, meter.group, from.device, context);
  else for (const { name, group } of groups) if (!CHIP.test(name)) readPlain(draft, name, group, from, context);
}

const isMeter = (group: Record<string, unknown>): boolean =>
  pick(group, METER_IN) !== undefined || pick(group, METER_OUT) !== undefined || hasWays(group);
const hasWays = (group: Record<string, unknown>): boolean =>
  [WAY_IN, WAY_OUT, METER_POWER].every((names) => pick(group, names) !== undefined);

function readMeter(draft: Draft, group: Record<string, unknown>, device: string, context: DialectContext): void {
  const meter = meterMetrics(context.role, 'grid');
  const give = (to: Field['to'] | null, raw: unknown, how: 'sum' | 'first' = 'sum') =>
    to && draft.take({ to, how, rank: 2 }, raw, { id: device, order: 0 });
  give(meter.power, pick(group, METER_POWER) ?? sumOf(all(group, PHASE_POWER)));
  const sold = pick(group, METER_OUT) ?? (hasWays(group) ? pick(group, WAY_OUT) : undefined);
  const bought = pick(group, METER_IN) ?? (hasWays(group) ? pick(group, WAY_IN) : undefined);
  give(meter.total, bought ?? (sold === undefined ? sold : pick(group, METER_TOTAL)));
  give(meter.returned, sold);
  if (meter.power === 'gridPower')
    for (const [names, side, by] of WAYS) draft.take({ to: meter.power, side, by, rank: 2 }, pick(group, names));
  const scale = scaleOf(group);
  if (meter.power === 'gridPower' && scale !== null)
    for (const [names, side] of PLUS_MINUS)
      draft.take({ to: meter.power, side, by: scale, rank: 2 }, pick(group, names));
  const volts = all(group, PHASE_VOLTAGE);
  give(meter.voltage, volts.find(isLive) ?? pick(group, METER_VOLTAGE), 'first');
  give(meter.current, sumOf(all(group, PHASE_CURRENT)));
  give(meter.frequency, pick(group, METER_FREQUENCY), 'first');
}

/** What makes W of a power that is said by its ways; null where voltages and currents beside do not say it. */
function scaleOf(group: Record<string, unknown>): 1 | 1000 | null {
  const [volts, amperes] = [all(group, PHASE_VOLTAGE), all(group, PHASE_CURRENT)];
  const flow = amperes.reduce((sum, a, i) => sum + a * (volts[i] ?? volts[0] ?? 0), 0);
  const power = Math.max(0, ...PLUS_MINUS.map(([names]) => numberOf(pick(group, names)) ?? 0));
  const ratio = flow / power;
  if (ratio > LEAST_KW && ratio < MOST_KW) return 1000;
  return ratio > LEAST_KW / 1000 && ratio < MOST_KW / 1000 ? 1 : null;
}

/** What is no meter, as a message of its own. */
function readPlain(draft: Draft, name: string, group: Record<string, unknown>, from: From, context: DialectContext) {
  if (Object.values(group).filter((one) => typeof one === 'number').length < LEAST_VALUES) return;
  const topic = `${from.device}/${name}`;
  const payload = new TextEncoder().encode(JSON.stringify(group));
  const { receivedAt, isRetained } = from.message;
  for (const { field, value, id, order } of readObject(
    new MessageView({ topic, payload, receivedAt, isRetained }),
    context,
  ))
    draft.take(field, value, { id, order });
}

/** `Leistung.plus` is `leistung_plus`. */
const plain = (name: string): string => name.toLowerCase().replaceAll('.', '_');

const pick = (group: Record<string, unknown>, names: RegExp) => {
  const name = Object.keys(group).find((n) => names.test(plain(n)) && numberOf(group[n]) !== null);
  return name === undefined ? undefined : group[name];
};

const all = (group: Record<string, unknown>, names: RegExp): number[] =>
  Object.keys(group).flatMap((name) => (names.test(plain(name)) ? (numberOf(group[name]) ?? []) : []));

const sumOf = (parts: readonly number[]): number | undefined =>
  parts.length === 0 ? undefined : Number(parts.reduce((sum, one) => sum + one, 0).toPrecision(12));
