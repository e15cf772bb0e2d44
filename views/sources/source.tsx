import type { Child } from 'hono/jsx';
import { formatPower, joinShown } from '../../src/core/format.ts';
import type { MessageView } from '../../src/sources/message-view.ts';
import type { Price } from '../../src/sources/price.ts';
import type { Source } from '../../src/sources/source.ts';
import type { SourceFeed } from '../../src/sources/source-feed.ts';
import { type TurnedAway, turnedAwayWords } from '../../src/sources/turned-away.ts';
import { Badge, ButtonRow, Card, Facts, LinkButton, Notice } from '../parts/index.ts';
import { FeedCard, FeedLine } from './feed.tsx';
import { SourceIcon, type SourceItem, StateMark } from './list.tsx';
import { MessagesCard } from './messages.tsx';
import { PricesCard, type PricesProps } from './prices.tsx';
import { RefusedCard, type RefusedItem, refusedUrl } from './refused.tsx';
import { SetupCard, type SetupProps } from './setup.tsx';
import { EndCard, KeysCard } from './source-end.tsx';
import { connectionWords, moneyText, roleWords } from './words.ts';

export interface SourcePageProps {
  item: SourceItem;
  /** The broker elsewhere through which it is heard; null when its device comes here. */
  feed: SourceFeed | null;
  /** The last device that was not let in; null when there was none of late. */
  turnedAway: TurnedAway | null;
  /** What it last said; null while it has said nothing. */
  newest: Child;
  groupName: string | null;
  /** What is wrong with its figures, and what was put right. */
  reading: { problem: string | null; corrections: readonly string[] } | null;
  messages: readonly MessageView[];
  /** The newest of what was refused, and how many reasons there are. */
  refused: { items: readonly RefusedItem[]; total: number };
  /** ms UTC; ages count from it. */
  now: number;
  setup: SetupProps;
  prices: readonly Price[];
  priceForm: PricesProps['form'];
  /** What other features say about it. */
  cards: readonly Child[];
  eventsUrl: string;
}

/**
 * One source: how it is, what it sent in vain, how to connect it, what it sent, what it is. What moves by itself stands in a
 * frame of fixed height, so that nothing else ever does.
 */
export function SourcePage(props: SourcePageProps) {
  const { item, feed, setup, refused, now } = props;
  const isWaiting = item.state === 'waiting';
  return (
    <div id="source-live" class="stack source-page" hx-sse:connect={props.eventsUrl} hx-swap="none" hx-target="this">
      <SourceHead item={item} feed={feed} />
      {props.turnedAway && (
        <Notice kind="problem" title="Compare what the device has">
          {turnedAwayWords(props.turnedAway, item.source)}
        </Notice>
      )}
      {feed ? <FeedCard feed={feed} /> : isWaiting && <SetupCard {...setup} />}
      <RefusedCard source={item.source} items={refused.items} total={refused.total} now={now} />
      {(feed || !isWaiting) && (
        <details class="fold fold-card">
          <summary>Connection settings</summary>
          <SetupCard {...setup} />
        </details>
      )}
      <SourceNewest newest={props.newest} />
      <KeysCard source={item.source} />
      <SourceMessages {...props} />
      <ReadingCard source={item.source} reading={props.reading} />
      <DataCard source={item.source} />
      {props.cards}
      <AboutCard {...props} />
      <PricesCard source={item.source} prices={props.prices} form={props.priceForm} />
      <EndCard source={item.source} />
    </div>
  );
}

const SourceNewest = ({ newest }: Pick<SourcePageProps, 'newest'>) => (
  <div id="source-newest" hidden={newest === null}>
    {newest}
  </div>
);

/** What an event replaces: state, newest values and newest messages. */
export function SourceLive(props: Pick<SourcePageProps, 'item' | 'feed' | 'newest' | 'messages'>) {
  return (
    <>
      <hx-partial hx-target="#source-head" hx-swap="outerMorph">
        <SourceHead item={props.item} feed={props.feed} />
      </hx-partial>
      <hx-partial hx-target="#source-newest" hx-swap="outerMorph">
        <SourceNewest newest={props.newest} />
      </hx-partial>
      <hx-partial hx-target="#source-messages" hx-swap="outerMorph">
        <SourceMessages {...props} />
      </hx-partial>
    </>
  );
}

function SourceHead({ item, feed }: Pick<SourcePageProps, 'item' | 'feed'>) {
  return (
    <div class="source-head" id="source-head">
      <SourceIcon source={item.source} iconUrl={item.iconUrl} />
      <div class="source-head-words">
        <StateMark state={item.state} ageMs={item.ageMs} />
        <FeedLine feed={feed} />
        <p class="source-refused">
          {item.turnedAway && <Badge kind="alert">{item.turnedAway}</Badge>}
          {item.refused && (
            <a href={refusedUrl(item.source)}>
              <Badge kind="waiting">{item.refused}</Badge>
            </a>
          )}
          {!item.turnedAway && !item.refused && item.ageMs !== null && (
            <span class="hint">All that it sent was understood.</span>
          )}
        </p>
      </div>
    </div>
  );
}

function SourceMessages({ item, messages }: Pick<SourcePageProps, 'item' | 'messages'>) {
  return (
    <div id="source-messages">
      <MessagesCard messages={messages} timeZone={item.source.timeZone} isWaiting={item.state === 'waiting'} />
    </div>
  );
}

/** As exact as it was given, with a real minus sign. */
const degrees = (value: number): string => `${String(value).replace('-', '\u2212')}°`;

/** How its messages become figures, and whether these add up. */
function ReadingCard({ source, reading }: { source: Source; reading: SourcePageProps['reading'] }) {
  return (
    <Card id="reading" title="How it is read" lead="Which value is what, and whether the figures add up.">
      {reading?.problem && <Notice kind="problem">{reading.problem}</Notice>}
      {reading && reading.corrections.length > 0 && <p>Put right as it comes in: {reading.corrections.join('; ')}.</p>}
      <ButtonRow>
        <LinkButton icon="edit" href={`/sources/${source.id}/mapping`}>
          Mapping
        </LinkButton>
        <LinkButton href={`/sources/${source.id}/balance`}>Balance</LinkButton>
      </ButtonRow>
    </Card>
  );
}

/** What became of its readings over time, and how to mend them. */
function DataCard({ source }: { source: Source }) {
  return (
    <Card title="Its data" lead="How complete it is and what was odd; and how to put readings right that were wrong.">
      <ButtonRow>
        <LinkButton href={`/sources/${source.id}/data`}>How well it came</LinkButton>
        <LinkButton href={`/sources/${source.id}/corrections`}>Corrections</LinkButton>
      </ButtonRow>
    </Card>
  );
}

function AboutCard({ item, groupName }: SourcePageProps) {
  const { source, owner } = item;
  return (
    <Card
      title="About"
      actions={
        <LinkButton small icon="edit" href={`/sources/${source.id}/edit`}>
          Edit
        </LinkButton>
      }
    >
      {source.description && <p class="source-description">{source.description}</p>}
      <Facts
        items={[
          ...(owner ? [['Owner', owner] as const] : []),
          ['Counts as', roleWords[source.role]],
          ['Connects by', connectionWords[source.connectionType]],
          ['Group', groupName ?? '-'],
          ['Place', `${degrees(source.latitude)}, ${degrees(source.longitude)}`],
          ['Time zone', source.timeZone],
          [
            'Installed power',
            source.installedCapacityW === null ? '-' : joinShown(formatPower(source.installedCapacityW)),
          ],
          ['Installed on', source.installationDate ?? '-'],
          ['Cost of the system', moneyText(source.systemCostMinor, source.currency)],
          ['Maintenance a year', moneyText(source.maintenancePerYearMinor, source.currency)],
          ['Id', <span class="mono">{source.id}</span>],
        ]}
      />
    </Card>
  );
}
