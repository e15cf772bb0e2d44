import { numberOf } from '../field-draft.ts';
import type { DialectMemory } from '../memory/dialect-memory.ts';
import type { MessageView } from '../payload/message-view.ts';
import { isSigned, type SignFinding } from '../signs/sign-evidence.ts';
import { isBoardMetric, type SaidValue } from '../signs/sign-moment.ts';
import { type Proven, proofWords, type SignProofs } from '../signs/sign-proof.ts';
import type { AnnouncedValue } from './announcements.ts';
import { pick } from './value-template.ts';

/** The number that an announced value has in a message, by its template; null where there is none. */
export function measuredBy({ template }: Pick<AnnouncedValue, 'template'>, message: MessageView): number | null {
  const number = numberOf(pick(template, message.text ?? '', () => message.json));
  if (number === null) return null;
  const { factor, offset, isAbsolute } = template;
  const measured = factor === 1 ? number + offset : number * factor + offset;
  return Number((isAbsolute ? Math.abs(measured) : measured).toPrecision(12));
}

/** Keeps what a device's announced values say of signs that nobody knows. */
export function hearAnnounced(
  signs: SignProofs,
  values: readonly AnnouncedValue[],
  message: MessageView,
  isDark?: (at: number) => boolean,
): void {
  for (const [place, ones] of Map.groupBy(values, placeOf)) {
    const said = ones.flatMap((one): SaidValue[] => {
      const { metric, part, side, factor, uniqueId } = one;
      const measured = isBoardMetric(metric) ? measuredBy(one, message) : null;
      if (measured === null || !isBoardMetric(metric)) return [];
      const value = measured * factor * (side ?? 1);
      const { topic: from } = message;
      return [
        {
          ...{ metric, value, id: `${uniqueId} ${side ?? ''}`, rank: part.rank, isSignOpen: one.sign !== undefined },
          ...{ from, isHalf: side !== null, which: whichOf(one) },
        },
      ];
    });
    signs.hear([place], said, message.receivedAt, isDark);
  }
}

/** By what a value is multiplied that a message says; null while nobody knows. */
export function signOf(value: AnnouncedValue, signs: SignProofs | undefined, at: number): 1 | -1 | null {
  if (value.sign === undefined) return 1;
  const known = findingOf(value, signs)?.sign;
  if (known !== undefined || value.sign === 'usual') return known ?? 1;
  const now = signs?.settled([placeOf(value)], at) ?? [];
  return now.find(({ which, metric }) => which?.id === value.uniqueId && metric === value.metric)?.sign ?? null;
}

/** Under which what a device announced is weighed. */
export const placesOfAnnounced = (values: readonly AnnouncedValue[]): string[] => [...new Set(values.map(placeOf))];

/** What is proven of the signs of a topic's values, in words. */
export function proofOf({ announcements, parts }: DialectMemory, topic: string): string | null {
  const found = announcements.at(topic).flatMap((value) => (value.sign ? (findingOf(value, parts.signs) ?? []) : []));
  return found.length > 0 ? found.map(proofWords).join('; ') : null;
}

/** Whose quantity an announced value is: its device's, or one of several like things in it. */
export const ownerOf = ({ deviceId, part }: AnnouncedValue): string =>
  part.order === 0 ? deviceId : `${deviceId} ${part.order}`;

/** The quantities that were taken as most makers count them, until one of these proofs showed the opposite. */
export const turnedFromUsual = ({ findings }: Proven, keys: readonly string[]): SignFinding['metric'][] =>
  findings
    .filter(([key, { metric, sign }]) => sign === -1 && metric === 'gridPower' && key.startsWith(ANNOUNCED))
    .flatMap(([key, { metric }]) => (keys.includes(key) ? metric : []));

const whichOf = (value: AnnouncedValue): NonNullable<SaidValue['which']> => ({
  ...{ id: value.uniqueId, order: value.part.order, owner: ownerOf(value) },
  how: value.part.how === 'own' ? undefined : value.part.how,
});

const ANNOUNCED = 'announced ';

const placeOf = ({ deviceId }: AnnouncedValue): string => `${ANNOUNCED}${deviceId}`;

const findingOf = (value: AnnouncedValue, signs: SignProofs | undefined): SignFinding | null =>
  isSigned(value.metric) ? (signs?.finding([placeOf(value)], value.metric, value.part.rank) ?? null) : null;
