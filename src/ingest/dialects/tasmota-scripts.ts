import type { DialectContext } from '../dialect.ts';
import { type Draft, type Field, numberOf } from '../field-draft.ts';
import { isLive, meterMetrics } from '../meter-role.ts';
import { asObject, MessageView } from '../payload/message-view.ts';
import { readObject } from '../plain/plain-object.ts';
import { deviceKind } from '../words/device-words.ts';
import { type MeterName, meterName } from '../words/meter-names.ts';

/**
 * What owners let Tasmota read by scripts of their own: a smart meter (its smart meter interface), or a charge controller. The
 * group's name is the owner's, and so are the fields', by custom. After tasmota/docs.
 */

/** What flows is about voltage times current; a thousand times less is in kW. */
const [LEAST_KW, MOST_KW] = [300, 3000];
/** Less with a fraction may be in kW. */
const LEAST_W = 20;
/** Ways of which nothing says that a meter counts them. */
const BARE_WAY = /^(in|out|pos|neg|plus|minus|supply|feed|generation)$/i;

/** Sensors that Tasmota itself names, after their chips: a current of theirs may be anything's. */
const CHIP = /^([A-Z]{2,4}\d{2,4}[A-Z]?\d?([-_]\w+)?|ESP32|ANALOG|COUNTER|DHT\w*|Switch\w*)$/;
const LEAST_VALUES = 3;

/** Under it the groups of meters are remembered. */
const METER = 'tasmota-meter';
/** What a group's name may say that its meter measures instead of the grid. */
const OTHER_KINDS: ReadonlySet<string> = new Set(['foreign', 'solar', 'inverter', 'battery', 'storage']);
const NIGHT = 3;

interface From {
  device: string;
  message: MessageView;
}

/** Takes a smart meter's group; where there is none, what words say of the others. */
export function readScripts(draft: Draft, sensors: Record<string, unknown>, from: From, context: DialectContext): void {
  const groups = Object.entries(sensors).flatMap(([name, value]) => {
    const group = asObject(value);
    return group ? [{ name, group, all: calledIn(group) }] : [];
  });
  const { parts } = context.memory ?? {};
  const placeOf = (name: string) => `${from.device}/${name}`;
  // What flows comes alone, too, at once; the counters from time to time.
  const isKnown = (name: string, all: readonly Called[]) =>
    parts?.knowsBase(METER, placeOf(name)) === true && wholePower(all) !== undefined;
  // A meter that says one value at a time is known by its owner's word.
  const isSaid = (name: string) => context.role === 'grid' && !CHIP.test(name);
  const isElsewhere = (name: string) => context.role === undefined && OTHER_KINDS.has(deviceKind(name));
  const meter = groups.find(
    ({ name, all }) => !isElsewhere(name) && (isMeter(all) || isKnown(name, all) || isSaid(name)),
  );
  if (meter && isMeter(meter.all)) parts?.learnBase(METER, placeOf(meter.name));
  if (meter) readMeter(draft, meter.all, from.device, context);
  else for (const { name, group } of groups) if (!CHIP.test(name)) readPlain(draft, name, group, from, context);
  if (meter) readDays(draft, sensors, from.device, context);
}

/** What a script counts since midnight, beside its meter's group. */
function readDays(draft: Draft, sensors: Record<string, unknown>, device: string, { role }: DialectContext): void {
  const { day, power } = meterMetrics(role, 'grid');
  for (const { isDay, way, raw, by } of ofKind(calledIn(sensors), 'energy')) {
    const to = way === 1 ? day : power === 'gridPower' ? 'dailyGridExport' : null;
    if (isDay && way !== 0 && to) draft.take({ to, by: by ?? 1 }, raw, { id: device, order: 0 });
  }
}

/** A value of a meter's group by what its name says. */
interface Called extends MeterName {
  raw: unknown;
  value: number;
  isBareWay: boolean;
}

/** What a group's names say; what its owner set before all of them (`DDM_Voltage`) is no part of them. */
function calledIn(group: Record<string, unknown>): Called[] {
  const names = Object.keys(group);
  const [, prefix = ''] = /^([a-z\d]+_)/i.exec(names[0] ?? '') ?? [];
  const isPrefixed =
    prefix !== '' &&
    names.length >= LEAST_VALUES &&
    names.every((name) => name.startsWith(prefix)) &&
    meterName(prefix) === null;
  return names.flatMap((name) => {
    const own = isPrefixed ? name.slice(prefix.length) : name;
    const value = numberOf(group[name]);
    const said = value === null ? null : meterName(own);
    return said && value !== null ? [{ ...said, raw: group[name], value, isBareWay: BARE_WAY.test(own) }] : [];
  });
}

const isWhole = ({ phase, tariff, isDay }: Called): boolean => phase === 0 && tariff === 0 && !isDay;
const ofKind = (all: readonly Called[], what: Called['what']) => all.filter((one) => one.what === what);
const wholePower = (all: readonly Called[]) => ofKind(all, 'power').find((one) => isWhole(one) && one.way === 0);

/** True for what counts a way of its own, or both beside what flows, or its tariffs beside their sum. */
function isMeter(all: readonly Called[]): boolean {
  const { bought, sold } = countersOf(all, false);
  return sold !== undefined || (bought !== undefined && !bought.isBareWay);
}

function readMeter(draft: Draft, all: readonly Called[], device: string, context: DialectContext): void {
  const meter = meterMetrics(context.role, 'grid');
  const give = (to: Field['to'] | null, raw: unknown, how: 'sum' | 'first' = 'sum', by = 1) =>
    to && draft.take({ to, how, by, rank: 2 }, raw, { id: device, order: 0 });
  for (const { raw, by, side } of flowsOf(all))
    if (side === undefined) give(meter.power, raw, 'sum', by);
    else if (meter.power === 'gridPower') draft.take({ to: meter.power, side, by, rank: 2 }, raw);
  const counted = countersOf(all, context.role !== undefined);
  give(meter.total, counted.bought?.raw, 'sum', counted.bought?.by ?? 1);
  give(meter.returned, counted.sold?.raw, 'sum', counted.sold?.by ?? 1);
  const volts = phasesOf(all, 'voltage');
  give(meter.voltage, volts.find(isLive) ?? ofKind(all, 'voltage')[0]?.raw, 'first');
  // A current without a place in the wires may be what flows now.
  const [current] = ofKind(all, 'current').filter(
    ({ isTotal }) => isTotal || (wholePower(all) && ofKind(all, 'voltage').length > 0),
  );
  give(meter.current, sumOf(phasesOf(all, 'current')) ?? current?.raw);
  give(meter.frequency, ofKind(all, 'frequency')[0]?.raw, 'first');
}

const phasesOf = (all: readonly Called[], what: Called['what']): number[] =>
  ofKind(all, what).flatMap(({ phase, way, value, by }) => (phase > 0 && way === 0 ? [value * (by ?? 1)] : []));

/** What flows: as a whole, by its two ways, or by its phases. */
function flowsOf(all: readonly Called[]): Flow[] {
  const whole = wholePower(all);
  if (whole) return [{ raw: whole.raw, by: whole.by ?? 1 }];
  const powers = ofKind(all, 'power').filter((one) => isWhole(one) && one.way !== 0);
  const scale = scaleOf(all, powers);
  const ways = ([1, -1] as const).flatMap((side) => {
    const one = powers.find(({ way }) => way === side);
    const by = one?.by ?? scale;
    return one && by !== null ? [{ raw: one.raw, by, side }] : [];
  });
  const [into, out] = ways;
  if (into && out) return ways;
  // What is called so alone goes both ways.
  if (into?.side === 1 && powers.length === 1) return [{ raw: into.raw, by: into.by }];
  return [{ raw: sumOf(phasesOf(all, 'power')), by: 1 }];
}

interface Flow {
  raw: unknown;
  by: number;
  side?: 1 | -1;
}

/** What makes W of a power whose name says no unit; null where its size and the voltages and currents beside leave a doubt. */
function scaleOf(all: readonly Called[], powers: readonly Called[]): 1 | 1000 | null {
  const [volts, amperes] = [phasesOf(all, 'voltage'), phasesOf(all, 'current')];
  const flow = amperes.reduce((sum, a, i) => sum + a * (volts[i] ?? volts[0] ?? 0), 0);
  const sizes = powers.map(({ value }) => Math.abs(value));
  const power = Math.max(0, ...sizes);
  const ratio = flow / power;
  if (ratio > LEAST_KW && ratio < MOST_KW) return 1000;
  if (ratio > LEAST_KW / 1000 && ratio < MOST_KW / 1000) return 1;
  return power >= LEAST_W || sizes.every(Number.isInteger) ? 1 : null;
}

/** What was bought and sold: as a whole, or by all tariffs. */
function countersOf(all: readonly Called[], isSaid: boolean): { bought?: Sum | undefined; sold?: Sum | undefined } {
  const energies = ofKind(all, 'energy').filter(({ phase }) => phase === 0);
  // Where what flows has a name of its own, the power that went in in all is what was bought.
  const asPower = wholePower(all)
    ? ofKind(all, 'power').filter((one) => one.isTotal && one.way !== 0 && isWhole(one))
    : [];
  // An `In` alone may be anything's.
  const counters = [...energies, ...asPower].filter(({ isBareWay }) => !isBareWay || wholePower(all));
  const whole = (way: number) => counters.find((one) => isWhole(one) && one.way === way);
  const isNight = energies.some(({ tariff }) => tariff === NIGHT);
  const tariffs = (ways: readonly number[]): Sum | undefined => {
    const parts = energies.filter((one) => ways.includes(one.way) && (one.tariff > 0 || (isNight && one.isDay)));
    const by = parts[0]?.by ?? 1;
    const isAll = new Set(parts.map(({ tariff }) => tariff)).size > 1;
    return isAll ? { raw: sumOf(parts.map(({ value }) => value)), by, isBareWay: false } : undefined;
  };
  const isUsed = whole(1) !== undefined || tariffs([1]) !== undefined;
  const sold = [whole(-1)].find((one) => one && (!one.isDelivered || isUsed)) ?? tariffs([-1]);
  const open = whole(0);
  const isBought = sold !== undefined || isSaid || (open?.isTotal === true && (open.isNamed || tariffs([0])));
  return { bought: whole(1) ?? (isBought ? open : undefined) ?? tariffs(sold || isSaid ? [0, 1] : [1]), sold };
}

interface Sum {
  raw: unknown;
  by: number | null;
  isBareWay: boolean;
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

const sumOf = (parts: readonly number[]): number | undefined =>
  parts.length === 0 ? undefined : Number(parts.reduce((sum, one) => sum + one, 0).toPrecision(12));
