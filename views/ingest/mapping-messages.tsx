import { formatAge, formatNumber } from '../../src/core/format.ts';
import type { MetricValues } from '../../src/core/reading.ts';
import { dialectName } from '../../src/ingest/dialect-name.ts';
import type { FreeNumber } from '../../src/ingest/discovery/free-numbers.ts';
import { reasonWords } from '../../src/sources/refused-words.ts';
import { Badge, Button, Card } from '../parts/index.ts';
import { shownValues } from './words.ts';

export interface ShownMessage {
  topic: string;
  text: string;
  receivedAt: number;
  dialect: string | null;
  values: MetricValues;
  problem: string | null;
  free: readonly FreeNumber[];
}

interface ShownMessages {
  messages: readonly ShownMessage[];
  now: number;
}

/** A message that takes more than two lines on a phone. */
const LONG_TEXT = 80;

export function MessagesCard({ messages, now }: ShownMessages) {
  const hasFree = messages.some(({ free }) => free.length > 0);
  return (
    <Card
      title="The last messages"
      lead={`The newest of each topic, and what it would become.${hasFree ? ' Press a value to make a line of it.' : ''}`}
    >
      <div id="preview">
        <Preview messages={messages} now={now} />
      </div>
    </Card>
  );
}

/** What typing replaces. */
export function Preview({ messages, now }: ShownMessages) {
  if (messages.length === 0) return <p class="hint">Nothing was kept of this source yet.</p>;
  const settled = messages.filter(isSettled);
  const folded = settled.length < FEWEST_FOLDED ? [] : settled;
  const open = messages.filter((message) => !folded.includes(message));
  return (
    <>
      {open.length > 0 && <Messages messages={open} now={now} />}
      {folded.length > 0 && (
        <details class="fold" id="understood">
          <summary>{folded.length} messages that are understood</summary>
          <Messages messages={folded} now={now} />
        </details>
      )}
    </>
  );
}

/** Understood without the owner's lines, with nothing left: what is to be done stands before it. */
const isSettled = ({ dialect, problem, free }: ShownMessage): boolean =>
  dialect !== null && dialect !== 'mapping' && problem === null && free.length === 0;
const FEWEST_FOLDED = 4;

function Messages({ messages, now }: ShownMessages) {
  return (
    <ol class="messages messages-plain">
      {messages.map((message) => (
        <PreviewedMessage message={message} now={now} />
      ))}
    </ol>
  );
}

function PreviewedMessage({ message, now }: { message: ShownMessage; now: number }) {
  const { topic, text, dialect, problem, receivedAt, free } = message;
  const values = shownValues(message.values);
  const isLong = text.length > LONG_TEXT && (values.length > 0 || free.length > 0);
  return (
    <li class="message">
      <p class="message-head">
        <span class="mono message-topic">{topic}</span> <span class="hint num">{formatAge(now - receivedAt)}</span>{' '}
        <Badge kind={dialect ? 'ok' : 'waiting'}>{dialect ? dialectName(dialect) : 'Not understood'}</Badge>
      </p>
      {!isLong && <p class="mono device-sample">{text}</p>}
      {values.length > 0 && (
        <p>
          {values.map(({ name, label, text: shown }, i) => (
            <span data-becomes={name}>
              {i > 0 && ', '}
              {label} <strong class="num">{shown}</strong>
            </span>
          ))}
        </p>
      )}
      {problem && <p class="message-problem">{reasonWords(problem)}</p>}
      <FreeNumbers topic={topic} free={free} />
      {isLong && (
        <details class="fold">
          <summary>The message as it came</summary>
          <p class="mono device-sample">{text}</p>
        </details>
      )}
    </li>
  );
}

/** Numbers that may become lines; those whose names say nothing wait behind the others. */
function FreeNumbers({ topic, free }: { topic: string; free: readonly FreeNumber[] }) {
  const isTelling = ({ metric, isPower }: FreeNumber) => metric !== null || isPower;
  const telling = free.filter(isTelling);
  const rest = free.filter((one) => !isTelling(one));
  if (telling.length === 0) return <Chips topic={topic} free={rest} />;
  return (
    <>
      <Chips topic={topic} free={telling} />
      {rest.length > 0 && (
        <details class="fold">
          <summary>{rest.length === 1 ? 'One more number' : `${rest.length} more numbers`}</summary>
          <Chips topic={topic} free={rest} />
        </details>
      )}
    </>
  );
}

function Chips({ topic, free }: { topic: string; free: readonly FreeNumber[] }) {
  if (free.length === 0) return null;
  return (
    <p class="chips">
      {free.map(({ path, value, metric, unit }) => (
        <Button
          small
          icon="plus"
          name="do"
          value={`take ${JSON.stringify([topic, path, metric ?? '', unit])}`}
          aria-label={`A line for ${path || 'the value'} of ${topic}`}
        >
          {path || 'the value'} {formatNumber(value, Number.isInteger(value) ? 0 : 2)}
        </Button>
      ))}
    </p>
  );
}
