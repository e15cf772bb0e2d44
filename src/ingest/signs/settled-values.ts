import { behind, type Draft } from '../field-draft.ts';
import type { MessageView } from '../payload/message-view.ts';
import type { SettledValue } from './sign-now.ts';
import type { SignProofs } from './sign-proof.ts';

/** Takes what other topics said just before, whose sign the moment tells that this message completes; what is known for good is taken already; `isPlain` as what plain names say. */
export function takeSettled(
  draft: Draft,
  signs: SignProofs | undefined,
  places: readonly string[],
  { topic, receivedAt }: Pick<MessageView, 'topic' | 'receivedAt'>,
  isPlain = false,
): void {
  for (const one of signs?.settled(places, receivedAt) ?? [])
    if (one.from !== topic && signs?.finding(places, one.metric, one.rank) === null) take(draft, one, isPlain);
}

function take(draft: Draft, { metric, value, sign, rank, which }: SettledValue, isPlain: boolean): void {
  if (which === undefined) return;
  const { how, ...one } = which;
  const field = { to: metric, by: sign, rank, ...(how && { how }) };
  draft.take(isPlain ? behind(field) : field, value, one);
}
