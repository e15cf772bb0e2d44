import type { NumericMetric } from '../../core/metrics.ts';
import type { MessageView } from '../payload/message-view.ts';
import { batterySignAt, gridSignAt } from '../signs/maker-signs.ts';
import { agreedSign, isProduct, provenSigns, type SaidPowers } from '../signs/power-balance.ts';
import { isSigned, type SignFinding, type Trust } from '../signs/sign-evidence.ts';
import { type BoardMetric, isBoardMetric, type SaidValue } from '../signs/sign-moment.ts';
import type { SettledValue } from '../signs/sign-now.ts';
import { nowWords, proofWords, type SignProofs } from '../signs/sign-proof.ts';
import type { Directions } from './plain-directions.ts';
import type { Named } from './plain-meaning.ts';

type Sign = 1 | -1;

/** The powers of a message; what is split into halves as one. */
export function powersOf(found: readonly Named[]): SaidPowers {
  const whole = (metric: NumericMetric): number | null => {
    const ones = found.filter((one) => one.metric === metric);
    const rank = Math.max(...ones.map((one) => one.field.rank ?? 0));
    const top = ones.filter((one) => one.field.rank === rank);
    // What is said twice in other words flows once.
    const flows = top.filter((one, i) => !top.slice(0, i).some((before) => isSaidAgain(before, one)));
    const sum = (all: number, one: Named) => all + one.value * (one.field.by ?? 1) * (one.field.side ?? 1);
    return flows.length === 0 ? null : flows.reduce(sum, 0);
  };
  return {
    solar: whole('solarPower'),
    load: whole('loadPower'),
    grid: whole('gridPower'),
    battery: whole('batteryPower'),
  };
}

const isSaidAgain = (one: Named, other: Named): boolean =>
  one.value === other.value && one.id === other.id && one.order === other.order && one.field.side === other.field.side;

/** True where the balance of a message holds with one choice of signs alone. */
export function areProven(found: readonly Named[]): boolean {
  const { grid, battery } = provenSigns(powersOf(found));
  return grid !== null || battery !== null;
}

/** More than a meter's noise. */
const LEAST_DRAWN_W = 50;

/**
 * With a load that is drawn, and counted below zero for that, as what is used: where everything that flows in adds up to
 * nothing. Without one of which the balance does not prove that.
 */
export function withLoadAsUsed(found: readonly Named[]): Named[] {
  const said = powersOf(found);
  if (said.load === null || said.load > -LEAST_DRAWN_W) return [...found];
  const { grid, battery } = provenSigns({ ...said, load: -said.load });
  const isProven = grid !== null || battery !== null;
  return found.flatMap((one) => (one.metric !== 'loadPower' ? [one] : isProven ? [inSign(one, -1)] : []));
}

/**
 * Without a power of zero beside a half or a part of it that is none: it is the other half, called like the whole, or one
 * plant of two (`pv_power`, `pv2_power`).
 */
export const withoutEmptyWholes = (found: readonly Named[]): Named[] =>
  found.filter(
    (one) =>
      one.value !== 0 ||
      !(one.isSignOpen || one.metric === 'solarPower') ||
      !found.some((other) => other.metric === one.metric && other.value !== 0 && isPartOf(other, one)),
  );

const isPartOf = (one: Named, whole: Named): boolean =>
  whole.isSignOpen ? one.field.side !== undefined : one.order > 0 && whole.order === 0;

/** What the device's messages prove of a value's sign. */
export interface Learnt {
  /** For good, by earlier ones. */
  of(one: Named): SignFinding | null;
  /** For the moment that the message completes. */
  now(one: Named): SettledValue | null;
  /** By who made it, where nothing that it says tells. */
  maker(one: Named): Sign | null;
  /** Whether the balance of one message says something. */
  trust(one: Named): Trust;
}

/** Keeps what values say of the signs, under the places where the values of the same device stand. */
export function hearSigns(
  signs: SignProofs,
  places: readonly string[],
  found: readonly Named[],
  { topic: from, receivedAt }: Pick<MessageView, 'topic' | 'receivedAt'>,
  isDark?: (at: number) => boolean,
): void {
  const isSaid = (one: Named): one is Named & { metric: BoardMetric } => isBoardMetric(one.metric);
  const values = found.filter(isSaid).map(
    ({ metric, value, id, order, field: { by = 1, side = 1, rank = 2, how }, isSignOpen }): SaidValue => ({
      ...{ metric, value: value * by * side, id: `${id} ${side}`, rank, isSignOpen, from },
      which: { id, order, how },
    }),
  );
  signs.hear(places, values, receivedAt, isDark);
}

/** What is proven of a value's sign under its places. */
export const learntSign = (
  signs: SignProofs | undefined,
  places: readonly string[],
  { topic, receivedAt }: Pick<MessageView, 'topic' | 'receivedAt'>,
): Learnt => ({
  of: ({ metric, field: { rank = 2 }, isSignOpen }) =>
    isSignOpen && isSigned(metric) ? (signs?.finding(places, metric, rank) ?? null) : null,
  now: ({ metric, id, field: { rank = 2, side = 1 }, isSignOpen }) => {
    const all = isSignOpen ? (signs?.settled(places, receivedAt) ?? []) : [];
    const isThis = (one: SettledValue) => one.from === topic && one.metric === metric && one.rank === rank;
    return all.find((one) => isThis(one) && one.id === `${id} ${side}`) ?? null;
  },
  maker: ({ metric }) => (metric === 'gridPower' ? gridSignAt(topic) : isSigned(metric) ? batterySignAt(topic) : null),
  trust: ({ metric, field: { rank = 2 } }) =>
    isSigned(metric) ? (signs?.trust(places[0] ?? '', metric, rank) ?? 'unknown') : 'unknown',
});

/** The value in the catalogue's sign, by what earlier messages prove; itself where its sign is said or open still. */
export function withLearntSign(one: Named, learnt: Learnt): Named {
  const [finding, now] = [learnt.of(one), learnt.now(one)];
  const sign = finding?.sign ?? now?.sign ?? (one.isSignOpen ? learnt.maker(one) : null);
  if (sign === null) return one;
  return { ...inSign(one, sign), isSignOpen: false, ...wordsOf(finding, now) };
}

const wordsOf = (finding: SignFinding | null, now: SettledValue | null): { proof?: string } =>
  finding ? { proof: proofWords(finding) } : now ? { proof: nowWords(now) } : {};

const inSign = (one: Named, sign: Sign): Named => ({ ...one, field: { ...one.field, by: (one.field.by ?? 1) * sign } });

/**
 * With the sign of each quantity that the balance of the message or of earlier ones proves, or that it says in words; without
 * those whose sign stays open. Zero has none.
 */
export function withProvenSigns(found: readonly Named[], inWords: () => Directions, learnt: Learnt): Named[] {
  if (!found.some(isOpen)) return [...found];
  const said = powersOf(found);
  const [proven, close] = [provenSigns(said), provenSigns(said, true)];
  const balanceOf = (one: Named, side: 'grid' | 'battery'): Sign | null => {
    const trust = learnt.trust(one);
    return trust === 'doubtful' ? null : (trust === 'sound' ? proven : close)[side];
  };
  const way = inWords();
  const signOf = (one: Named, balance: Sign | null, word: Sign | null): Sign | null => {
    const spoken = word === null ? null : one.value < 0 ? (-word as Sign) : word;
    const told = [balance, spoken, learnt.of(one)?.sign ?? null, learnt.now(one)?.sign ?? null];
    return told.every((sign) => sign === null) ? learnt.maker(one) : agreedSign(told);
  };
  const withSign = (one: Named, sign: Sign | null): Named[] => {
    return sign === null ? [] : [{ ...inSign(one, sign), ...wordsOf(learnt.of(one), learnt.now(one)) }];
  };
  const isHalved = found.some(({ metric, field }) => metric === 'batteryPower' && field.side !== undefined);
  const powers = found.flatMap((one) => {
    if (!isOpen(one)) return [one];
    if (one.metric === 'gridPower') return withSign(one, signOf(one, balanceOf(one, 'grid'), way.grid));
    // A signed power beside two halves may have a sign of its own.
    return one.metric === 'batteryPower'
      ? withSign(one, signOf(one, isHalved ? null : balanceOf(one, 'battery'), way.battery))
      : [one];
  });
  const battery = powersOf(powers).battery;
  return powers.flatMap((one) => {
    if (!isOpen(one) || one.metric !== 'batteryCurrent') return [one];
    const flows = batteryWay(one, battery, found);
    return withSign(one, flows === null ? signOf(one, null, way.battery) : signOf(one, flows, null));
  });
}

const isOpen = ({ isSignOpen, value }: Named): boolean => isSignOpen && value !== 0;

/** What makes a battery's current flow the way its power does; null where the two do not belong together. */
function batteryWay(current: Named, powerW: number | null, found: readonly Named[]): Sign | null {
  if (powerW === null || powerW === 0) return null;
  const volts = found.find(({ metric }) => metric === 'batteryVoltage');
  const amperes = current.value * (current.field.by ?? 1);
  const measuredV = (volts?.value ?? 0) * (volts?.field.by ?? 1);
  if (!isProduct(amperes, measuredV, powerW)) return null;
  return Math.sign(amperes * measuredV) === Math.sign(powerW) ? 1 : -1;
}
