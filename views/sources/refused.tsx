import { formatDate, formatNumber } from '../../src/core/format.ts';
import type { MessageOutcome } from '../../src/sources/message-outcome.ts';
import type { MessageView } from '../../src/sources/message-view.ts';
import { helpFor, reasonWords, sinceText } from '../../src/sources/refused-words.ts';
import type { Source } from '../../src/sources/source.ts';
import { Button, Card, EmptyState, Form, LinkButton, Pagination } from '../parts/index.ts';
import { OutcomeBadge, OutcomeText, Payload } from './messages.tsx';

/** Messages that were refused for one reason. */
export interface RefusedItem {
  reason: string;
  count: number;
  /** ms UTC. */
  firstAt: number;
  newestAt: number;
  example: MessageView;
  outcome: MessageOutcome | null;
}

export interface RefusedProps {
  source: Source;
  items: readonly RefusedItem[];
  /** How many reasons there are in all. */
  total: number;
  now: number;
}

/** On the page of the source: the newest reasons, and the way to all. Nothing when nothing was refused. */
export function RefusedCard(props: RefusedProps) {
  const { source, items, total } = props;
  if (items.length === 0) return null;
  return (
    <Card
      id="not-stored"
      title="Not stored"
      lead="What this source sent and Ampra could not take, by reason. Nothing is dropped without being listed here."
      actions={total > items.length && <LinkButton href={refusedUrl(source)}>All {total} reasons</LinkButton>}
    >
      <RefusedList {...props} />
    </Card>
  );
}

export interface RefusedPageProps extends RefusedProps {
  previous: string | undefined;
  next: string | undefined;
  position: string;
}

/** All reasons, in pages. */
export function RefusedPage(props: RefusedPageProps) {
  const { source, items, previous, next, position } = props;
  const back = <LinkButton href={`/sources/${source.id}`}>Back to the source</LinkButton>;
  if (items.length === 0)
    return (
      <EmptyState title="Everything was understood" action={back}>
        Nothing that this source sent was refused, or you have dismissed it.
      </EmptyState>
    );
  return (
    <div class="stack">
      <Card>
        <RefusedList {...props} />
      </Card>
      <Pagination label="Reasons" previous={previous} next={next} position={position} />
      {back}
    </div>
  );
}

function RefusedList({ source, items, now }: RefusedProps) {
  return (
    <>
      <ul class="refused">
        {items.map((item) => (
          <Refused source={source} item={item} now={now} />
        ))}
      </ul>
      {items.length > 1 && (
        <Form action={`${refusedUrl(source)}/dismiss`} class="inline-form">
          <Button>Dismiss all</Button>
        </Form>
      )}
    </>
  );
}

function Refused({ source, item, now }: { source: Source; item: RefusedItem; now: number }) {
  const { reason, count, firstAt, newestAt, example, outcome } = item;
  const { timeZone } = source;
  return (
    <li class="refused-item">
      <div class="refused-head">
        <h3 class="refused-reason">{reasonWords(reason)}</h3>
        <OutcomeBadge outcome={outcome} />
      </div>
      <p class="hint num">
        {formatNumber(count)} {count === 1 ? 'message' : 'messages'} {sinceText(firstAt, now, timeZone)}
        {count > 1 && `, the newest ${formatDate(newestAt, timeZone, 'dateTime')}`}
      </p>
      <details>
        <summary>{count > 1 ? 'The newest of them' : 'The message'}</summary>
        <p class="mono message-topic">{example.topic}</p>
        <OutcomeText problem={reason} outcome={outcome} />
        <Payload message={example} />
      </details>
      <Help source={source} reason={reason} />
      <Form action={`${refusedUrl(source)}/dismiss`} class="inline-form">
        <input type="hidden" name="reason" value={reason} />
        <Button kind="quiet" small aria-label={`Dismiss: ${reasonWords(reason)}`}>
          Dismiss
        </Button>
      </Form>
    </li>
  );
}

/** What to do about it; for most reasons it is one line of the mapping. */
function Help({ source, reason }: { source: Source; reason: string }) {
  const help = helpFor(reason);
  if (help === null) return null;
  if (help === 'device') return <p class="hint">It may have been cut short. Look at what the device sends.</p>;
  return (
    <p>
      <a href={`/sources/${source.id}/mapping`}>Say what is what</a>{' '}
      <span class="hint">A line of the mapping names the value and its unit; this message follows into its place.</span>
    </p>
  );
}

/** The page of what was refused. */
export const refusedUrl = (source: Pick<Source, 'id'>): string => `/sources/${source.id}/refused`;
