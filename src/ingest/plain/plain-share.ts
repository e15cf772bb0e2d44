import type { DialectContext } from '../dialect.ts';
import type { Named } from './plain-meaning.ts';

/** A state of charge as a share of one, written out: no battery says a thousandth of a percent. */
const SHARE_OF_ONE = /^0\.\d{3,}$/;
/** Under it is remembered where a state of charge proved to be one. */
const SHARE_AT = 'plain-share';

/**
 * A state of charge of which nobody says the unit, in percent where it is a share of one: written in thousandths, or never above one in several values
 * that lie apart.
 */
export function withShare(one: Named, topic: string, { memory }: DialectContext): Named {
  if (one.metric !== 'stateOfCharge' || one.isUnitSaid) return one;
  return isShare(one, `${topic} ${one.path ?? ''}`, memory?.parts) ? inPercent(one) : one;
}

function isShare(
  { value }: Named,
  place: string,
  parts: NonNullable<DialectContext['memory']>['parts'] | undefined,
): boolean {
  if (value > 1) parts?.forgetBase(SHARE_AT, place);
  const isProven = parts?.shares.hear(place, value) === true;
  if (value > 1 || value < 0) return false;
  if (isProven) parts?.learnBase(SHARE_AT, place);
  return isProven || SHARE_OF_ONE.test(String(value)) || parts?.knowsBase(SHARE_AT, place) === true;
}

const inPercent = (one: Named): Named => ({ ...one, isUnitSaid: true, field: { ...one.field, by: 100 } });
