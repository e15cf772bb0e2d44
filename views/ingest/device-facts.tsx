import { formatNumber } from '../../src/core/format.ts';
import { dialectName } from '../../src/ingest/dialect-name.ts';
import type { HeardDevice } from '../../src/ingest/discovery/heard.ts';
import { reasonWords } from '../../src/sources/refused-words.ts';
import { Badge } from '../parts/index.ts';
import { shownTopic, shownValues, surenessWord } from './words.ts';

const MOST_VALUES = 12;

/** Whose it is, what it says, and where. */
export function DeviceFacts({ device, isNew = false }: { device: HeardDevice; isNew?: boolean }) {
  const { dialect, recognition } = device;
  const values = shownValues(device.values);
  return (
    <>
      <p class="device-dialect">
        <Badge kind={dialect ? 'ok' : 'waiting'}>{dialect ? dialectName(dialect) : 'Not recognised'}</Badge>{' '}
        <span class="hint">
          {recognition ? `${surenessWord(recognition.sureness)}: ${recognition.reason}` : device.problems[0]}
        </span>
      </p>
      {values.length > 0 && <Values values={values} />}
      {((isNew && device.topics === 1) || values.length === 0) && (
        <Sample device={device} isUnderstood={values.length > 0} />
      )}
      {isNew && dialect !== null && device.problems.map((problem) => <p class="hint">{reasonWords(problem)}.</p>)}
      <p class="hint">
        <span class="mono">{shownTopic(device.filter)}</span> · {counted(device.messages, 'message')} on{' '}
        {counted(device.topics, 'topic')}
      </p>
    </>
  );
}

/** What came, as it came: with it, whoever adds the device sees what was left out. */
function Sample({ device, isUnderstood }: { device: HeardDevice; isUnderstood: boolean }) {
  const { topic, text } = device.sample;
  const message = (
    <p class={`mono device-sample${isUnderstood ? '' : ' device-sample-short'}`}>
      {shownTopic(topic)} {text}
    </p>
  );
  if (!isUnderstood) return message;
  return (
    <details class="fold" id={`sample-${cssName(device.filter)}`}>
      <summary>Its newest message</summary>
      {message}
      <p class="hint">What else is in it gets its place under Mapping, once added.</p>
    </details>
  );
}

function Values({ values }: { values: ReturnType<typeof shownValues> }) {
  return (
    <dl class="facts facts-tiles">
      {values.slice(0, MOST_VALUES).map(({ name, label, text }) => (
        <div data-metric={name}>
          <dt>{label}</dt>
          <dd class="num">{text}</dd>
        </div>
      ))}
      {values.length > MOST_VALUES && (
        <div>
          <dt>and</dt>
          <dd>{values.length - MOST_VALUES} more</dd>
        </div>
      )}
    </dl>
  );
}

/** "1 message", "12 messages" */
export const counted = (count: number, word: string) => `${formatNumber(count)} ${word}${count === 1 ? '' : 's'}`;
/** A device's topics as a part of an element's id. */
export const cssName = (filter: string) => filter.replaceAll(/[^a-zA-Z0-9_-]/g, (c) => `_${c.codePointAt(0)}`);
