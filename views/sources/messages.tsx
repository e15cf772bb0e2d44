import { formatDate } from '../../src/core/format.ts';
import type { MessageOutcome } from '../../src/sources/message-outcome.ts';
import type { MessageView } from '../../src/sources/message-view.ts';
import { keptText, reasonWords, refusedLines } from '../../src/sources/refused-words.ts';
import { Badge, Card } from '../parts/index.ts';

export interface MessagesProps {
  messages: readonly MessageView[];
  timeZone: string;
  isWaiting: boolean;
}

/**
 * What the device sent last. The box has one height whatever comes, so that nothing under it moves; while somebody reads
 * in it `source.js` holds new messages back and offers them.
 */
export function MessagesCard({ messages, timeZone, isWaiting }: MessagesProps) {
  const [newest, ...older] = messages;
  return (
    <Card id="last-messages" title="Last messages" lead="As the device sent them, newest first.">
      <div class="messages-box" data-times={messages.map((m) => m.receivedAt).join(' ')}>
        <p class="messages-new" id="messages-new" hx-morph-skip="" aria-live="polite">
          <button type="button" class="button button-plain button-small" data-show-messages hidden />
        </p>
        {newest ? (
          <ol class="messages" id="messages-list" tabindex={0} aria-label="Last messages">
            <NewestMessage message={newest} timeZone={timeZone} />
            {older.map((message) => (
              <OlderMessage message={message} timeZone={timeZone} />
            ))}
          </ol>
        ) : (
          <p class="hint messages-none">
            {isWaiting ? 'Nothing yet. The first message appears here by itself.' : 'Nothing kept.'}
          </p>
        )}
      </div>
    </Card>
  );
}

interface MessageProps {
  message: MessageView;
  timeZone: string;
}

function NewestMessage({ message, timeZone }: MessageProps) {
  return (
    <li class="message message-newest" data-at={String(message.receivedAt)}>
      <p class="message-line">
        <MessageHead message={message} timeZone={timeZone} />
      </p>
      <div class="message-full">
        <Trouble message={message} />
        <Payload message={message} />
      </div>
    </li>
  );
}

function OlderMessage({ message, timeZone }: MessageProps) {
  return (
    <li class="message" id={`message-${message.receivedAt}-${message.topic}`} data-at={String(message.receivedAt)}>
      <details>
        <summary class="message-line">
          <MessageHead message={message} timeZone={timeZone} />
          <span class="mono message-start">{message.text.slice(0, 200).replaceAll(/\s+/g, ' ') || '(empty)'}</span>
        </summary>
        <Trouble message={message} />
        <Payload message={message} />
      </details>
    </li>
  );
}

function MessageHead({ message, timeZone }: MessageProps) {
  return (
    <>
      <span class="num">{formatDate(message.receivedAt, timeZone, 'timeSeconds')}</span>
      {message.problem && <OutcomeBadge outcome={message.outcome} />}
      <span class="mono message-topic">{message.topic}</span>
    </>
  );
}

/** Whether something of it was stored. */
export function OutcomeBadge({ outcome }: { outcome: MessageOutcome | null }) {
  return outcome && outcome.kept > 0 ? (
    <Badge kind="waiting">Partly stored</Badge>
  ) : (
    <Badge kind="waiting">Not understood</Badge>
  );
}

function Trouble({ message: { problem, outcome } }: { message: MessageView }) {
  if (!problem) return null;
  return <OutcomeText problem={problem} outcome={outcome} />;
}

/** What was stored, and what was not with its place in the message. */
export function OutcomeText({ problem, outcome }: { problem: string; outcome: MessageOutcome | null }) {
  if (!outcome || outcome.refused.length === 0)
    return <p class="message-problem">Not stored. {reasonWords(problem)}.</p>;
  const lines = refusedLines(outcome);
  return (
    <div class="message-outcome">
      <p>{keptText(outcome)}</p>
      {lines.length === 1 ? (
        <p class="message-problem">Not stored: {lines[0]}.</p>
      ) : (
        <>
          <p class="message-problem">Not stored:</p>
          <ul class="message-problem">
            {lines.map((line) => (
              <li>{line}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** The payload, readable; scrolls by itself. */
export function Payload({ message }: { message: Pick<MessageView, 'topic' | 'text' | 'isCut'> }) {
  return (
    <section class="message-body" tabindex={0} aria-label={`Message on ${message.topic}`}>
      <pre>
        {message.text || '(empty)'}
        {message.isCut ? '\n…' : ''}
      </pre>
    </section>
  );
}
