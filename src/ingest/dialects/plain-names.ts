import type { NumericMetric } from '../../core/metrics.ts';
import type { Dialect, Recognition } from '../dialect.ts';
import { Draft, nothingMeasured, numberOf } from '../field-draft.ts';
import type { MessageView } from '../message-view.ts';
import {
  isForeign,
  meaningOfPath,
  meaningOfPhasedPath,
  meaningOfTopic,
  type PlainMeaning,
  topicWords,
} from '../plain-meaning.ts';
import { provenSigns } from '../power-balance.ts';

/**
 * Devices that no other file knows, by what they call their values in plain words (`pv_power`, `BatteryVoltage`,
 * `netz/spannung`), many in one object or one a topic. Refuses what leaves a doubt: a message must speak of solar power
 * and of one thing more; a battery's and the grid's power are taken only where the message's own balance proves their
 * sign; a power that might be in kW is not taken. Written from no device.
 */
interface Named extends PlainMeaning {
  value: number;
}

const TOPIC_GATE =
  /solar|pv|photov|fotov|inverter|wechselrichter|onduleur|inversor|omvormer|mppt|hybrid|batter|bater|akku|accu|grid|netz|load|consum|verbrauch|verbruik|consom/i;
/** Without one of these an object has no solar power in it. */
const SOLAR_GATE = /pv|solar|sonne|zonne|photov|fotov|mppt/i;
const PHASE_B = /(current|strom)_?b$/i;
const PLACE = /\b(solar|pv\d?|photovoltaic|inverter|hybrid|mppt\d?|microinverter)\b/;
/** Groups in which values of one system stand beside each other. */
const GROUP = /^(solar|pv\d?|battery|batteries|bms|grid|load|house|inverter|meter)$/;
/** What can be, of what is not written in a register; outside of it the name means something else. */
const RANGES: Partial<Record<NumericMetric, [number, number]>> = {
  batteryVoltage: [8, 1000],
  solarVoltage: [9, 1500],
  gridVoltage: [60, 1000],
  outputVoltage: [60, 1000],
  busVoltage: [10, 1200],
  gridFrequency: [40, 70],
  outputFrequency: [40, 70],
  batteryTemperature: [-40, 90],
  inverterTemperature: [-40, 120],
};
const [SMALL_W, LEAST_GROUPS] = [20, 2];

const likely: Recognition = { sureness: 0.4, reason: 'values named in plain words' };
const learned: Recognition = { sureness: 0.35, reason: 'beside other values named in plain words' };

export const dialect: Dialect = {
  name: 'plain-names',
  isLastResort: true,

  recognise(message, context) {
    if (message.looksLikeData) return readObject(message).length > 0 ? likely : null;
    const isGated = TOPIC_GATE.test(message.topic);
    if (!isGated || message.segments.length < 2) return null;
    const named = readScalar(message);
    if (named === null) return null;
    if (PLACE.test(topicWords(message.topic))) return likely;
    return basesOf(message).some((base) => context.memory?.parts.knowsBase('plain-names', base)) ? learned : null;
  },

  interpret(message, context) {
    const draft = new Draft(context, message.receivedAt);
    if (message.looksLikeData) {
      for (const named of readObject(message)) take(draft, named);
      return draft.finish();
    }
    const named = readScalar(message);
    if (named === null) return nothingMeasured();
    if (named.metric === 'solarPower')
      for (const base of basesOf(message)) context.memory?.parts.learnBase('plain-names', base);
    if (!named.isSignOpen && isPlausible(named, isSmallPower(named))) take(draft, named);
    return draft.finish(null, true);
  },
};

const take = (draft: Draft, { field, value, id, order }: Named): void => draft.take(field, value, { id, order });

/** Where values of the same device stand: beside a value, or in another group (`x/pv/power`, `x/battery/soc`). */
function basesOf(message: MessageView): string[] {
  const own = message.tail(0) === 'state' ? 2 : 1;
  const group = topicWords(message.tail(own));
  const isGrouped = GROUP.test(group) && message.segments.length > own + 1;
  return isGrouped ? [message.base(own), `${message.base(own + 1)}/+`] : [message.base(own)];
}

function readScalar(message: MessageView): Named | null {
  const value = numberOf(message.scalar);
  const meaning = value === null ? null : meaningOfTopic(message.topic);
  return value === null || meaning === null ? null : { ...meaning, value };
}

/** What is sure of an object's values; nothing when it does not speak of solar power and of something beside. */
function readObject(message: MessageView): Named[] {
  if (!SOLAR_GATE.test(message.text ?? '')) return [];
  const { byPath, names } = message.leaves;
  if (names.size < 2 || isForeign(message.topic)) return [];
  const meaningAt = [...names].some((name) => PHASE_B.test(name)) ? meaningOfPhasedPath : meaningOfPath;
  const found: Named[] = [];
  for (const [path, raw] of byPath) {
    const value = typeof raw === 'boolean' ? null : numberOf(raw);
    const meaning = value === null ? null : meaningAt(path);
    if (value !== null && meaning) found.push({ ...meaning, value });
  }
  // A message's powers are all in one unit: a small one with a fraction says that it may be kW.
  const mayBeKilowatts = found.some(isSmallPower);
  const sure = withoutTwins(found.filter((one) => isPlausible(one, mayBeKilowatts)));
  const groups = new Set(sure.map(({ metric }) => groupOf(metric)));
  if (!sure.some(({ metric }) => metric === 'solarPower') || groups.size < LEAST_GROUPS) return [];
  return withProvenSigns(sure);
}

/**
 * Two names for the same thing and the same place leave a doubt which is meant, unless they agree, or one of them is the
 * beginning of the others (`battery voltage`, `battery voltage scc1`).
 */
function withoutTwins(found: readonly Named[]): Named[] {
  const twins = new Map<string, Named[]>();
  for (const one of found) {
    const key = `${one.metric} ${one.id} ${one.field.rank} ${one.field.side ?? ''}`;
    const like = twins.get(key);
    if (like) like.push(one);
    else twins.set(key, [one]);
  }
  return [...twins.values()].flatMap((ones) => {
    const [first, ...others] = ones.toSorted((a, b) => a.words.length - b.words.length);
    const isSame = (other: Named) => other.value === first?.value || other.words.startsWith(`${first?.words} `);
    return first && others.every(isSame) ? [first] : [];
  });
}

function isPlausible({ metric, value, field, isUnitSaid }: Named, mayBeKilowatts: boolean): boolean {
  const measured = value * (field.by ?? 1);
  const [low, high] = RANGES[metric] ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (measured !== 0 && (measured < low || measured > high)) return false;
  if (metric === 'stateOfCharge' && value > 0 && value <= 1 && !isUnitSaid) return false;
  return isUnitSaid || !isPower(metric) || !mayBeKilowatts;
}

const isSmallPower = ({ metric, value, isUnitSaid }: Named) =>
  !isUnitSaid && value !== 0 && Math.abs(value) < SMALL_W && !Number.isInteger(value) && isPower(metric);
const isPower = (metric: NumericMetric) => /Power$/.test(metric);

function groupOf(metric: NumericMetric): string {
  if (/^(solar|totalEnergyProduced|dailyEnergyProduced)/.test(metric)) return 'solar';
  if (/^(battery|state|remaining|totalBattery)/.test(metric)) return 'battery';
  return /^(grid|totalGrid|dailyGrid)/.test(metric) ? 'grid' : 'load';
}

/** With the sign of each quantity that the balance of the message proves; without those that it does not. */
function withProvenSigns(found: readonly Named[]): Named[] {
  const whole = (metric: NumericMetric): number | null => {
    const ones = found.filter((one) => one.metric === metric && one.field.side === undefined);
    const rank = Math.max(...ones.map((one) => one.field.rank ?? 0));
    const top = ones.filter((one) => one.field.rank === rank);
    return top.length === 0 ? null : top.reduce((sum, one) => sum + one.value * (one.field.by ?? 1), 0);
  };
  const powers = {
    solar: whole('solarPower'),
    load: whole('loadPower'),
    grid: whole('gridPower'),
    battery: whole('batteryPower'),
  };
  const signs = provenSigns(powers);
  return found.flatMap((one) => {
    if (!one.isSignOpen) return [one];
    const sign = one.metric === 'gridPower' ? signs.grid : one.metric === 'gridCurrent' ? null : signs.battery;
    return sign === null ? [] : [{ ...one, field: { ...one.field, by: (one.field.by ?? 1) * sign } }];
  });
}
