import { formatAge, formatNumber } from '../../src/core/format.ts';
import { findMetric, metrics } from '../../src/core/metrics.ts';
import type { MetricValues } from '../../src/core/reading.ts';
import type { FreeNumber } from '../../src/ingest/free-numbers.ts';
import { allUnits } from '../../src/ingest/unit-conversion.ts';
import { reasonWords } from '../../src/sources/refused-words.ts';
import type { Source } from '../../src/sources/source.ts';
import {
  Badge,
  Button,
  ButtonRow,
  Card,
  CheckField,
  Field,
  FieldRow,
  Form,
  FormActions,
  LinkButton,
  Notice,
  SelectField,
} from '../parts/index.ts';
import { dialectName, shownValues } from './words.ts';

/** A line of the mapping as it stands in the form. */
export interface RuleRow {
  topic: string;
  path: string;
  metric: string;
  unit: string;
  factor: string;
  offset: string;
  isFlipped: boolean;
  adds: boolean;
}

export interface ShownMessage {
  topic: string;
  text: string;
  receivedAt: number;
  dialect: string | null;
  values: MetricValues;
  problem: string | null;
  free: readonly FreeNumber[];
}

export interface MappingPageProps {
  source: Source;
  rows: readonly RuleRow[];
  version: number;
  isReplayed: boolean;
  messages: readonly ShownMessage[];
  now: number;
  /** By field: `unit-2`. */
  errors: Readonly<Record<string, string>>;
  /** Lines of which nothing is found in the last messages. */
  unmet: readonly number[];
  /** The line that was just begun. */
  begun?: number;
  problem?: string;
  importError?: string;
}

/** A message that takes more than two lines on a phone. */
const LONG_TEXT = 80;

const metricOptions = [
  ...metrics.map((metric) => [metric.name, metric.unit ? `${metric.label} (${unitWord(metric.unit)})` : metric.label]),
  ['timestamp', 'The device’s time'],
] as [string, string][];

/** Which value of which message is what. */
export function MappingPage(props: MappingPageProps) {
  const { source, rows, version, messages, now } = props;
  const action = `/sources/${source.id}/mapping`;
  // Who has no line yet begins with what there is to choose from.
  const isNew = rows.every((row) => row.topic === '') && messages.length > 0;
  return (
    <div class="stack">
      {!props.isReplayed && <Notice>Earlier messages are being read anew and follow into their place.</Notice>}
      <Form
        id="mapping-form"
        action={action}
        class="stack"
        version={version}
        {...(props.problem ? { error: props.problem } : {})}
        hx-post={`${action}/preview`}
        hx-trigger="input delay:400ms"
        hx-target="#preview"
        hx-swap="innerMorph"
      >
        {isNew && <MessagesCard messages={messages} now={now} />}
        <Card
          title="Lines"
          lead="Each says where a value stands and what it is. A line without a topic is left out. What no line names is read as before."
        >
          <div class="visually-hidden">
            <button type="submit" name="do" value="save" tabindex={-1}>
              Keep
            </button>
          </div>
          <input type="hidden" name="rows" value={String(rows.length)} />
          {rows.map((row, i) => (
            <Row
              {...{ row, i, errors: props.errors, topics: messages.map((m) => m.topic) }}
              isUnmet={props.unmet.includes(i)}
              isBegun={props.begun === i}
            />
          ))}
          <FormActions>
            <Button kind="primary" name="do" value="save">
              Keep this mapping
            </Button>
            <Button name="do" value="add" icon="plus">
              One more line
            </Button>
            <Button name="do" value="preview" formaction={`${action}#preview`}>
              Show what it does
            </Button>
            <LinkButton href={`/sources/${source.id}`}>Back</LinkButton>
          </FormActions>
        </Card>
        {!isNew && <MessagesCard messages={messages} now={now} />}
      </Form>
      <FileCard {...props} action={action} />
    </div>
  );
}

function MessagesCard({ messages, now }: Pick<MappingPageProps, 'messages' | 'now'>) {
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

interface RowProps extends Pick<MappingPageProps, 'errors'> {
  row: RuleRow;
  i: number;
  topics: readonly string[];
  isUnmet: boolean;
  isBegun: boolean;
}

function Row({ row, i, errors, topics, isUnmet, isBegun }: RowProps) {
  const isFaulty = Object.keys(errors).some((field) => field.endsWith(`-${i}`));
  const name = `Line ${i + 1}`;
  return (
    <details class="fold rule" open={isUnmet || isBegun || isFaulty || row.topic === '' || row.metric === ''}>
      <summary>{row.metric === '' ? name : `${name}: ${lineWords(row)}`}</summary>
      <fieldset class="fieldset" aria-label={name}>
        {isUnmet && <Notice kind="note">In the last messages nothing stands there: compare topic and place.</Notice>}
        <Field
          name={`topic-${i}`}
          label="Topic"
          hint="+ for any one level, {name} for one that tells parts apart, # at the end for all that follow."
          value={row.topic}
          error={errors[`topic-${i}`]}
          suggestions={[...new Set(topics)]}
          optional={false}
          autofocus={isBegun && row.topic === ''}
          autocomplete="off"
          spellcheck={false}
        />
        <FieldRow>
          <Field
            name={`path-${i}`}
            label="Place in the JSON"
            hint="Empty when the message is the value."
            value={row.path}
            error={errors[`path-${i}`]}
            placeholder="ENERGY.Power"
            autocomplete="off"
            spellcheck={false}
          />
          <SelectField
            name={`metric-${i}`}
            label="Is the"
            value={row.metric}
            optional={false}
            autofocus={isBegun && row.topic !== ''}
            empty="Choose …"
            options={metricOptions}
            error={errors[`metric-${i}`]}
          />
          <SelectField
            name={`unit-${i}`}
            label="Sent in"
            value={row.unit}
            empty="The same unit"
            options={allUnits.map((unit) => [unit, unit] as const)}
            error={errors[`unit-${i}`]}
          />
        </FieldRow>
        <details class="fold" open={row.factor !== '1' || row.offset !== '0' || row.isFlipped || row.adds}>
          <summary>Factor, sign, parts</summary>
          <FieldRow>
            <Field
              name={`factor-${i}`}
              label="Times"
              value={row.factor}
              error={errors[`factor-${i}`]}
              inputmode="decimal"
            />
            <Field
              name={`offset-${i}`}
              label="Plus"
              value={row.offset}
              error={errors[`offset-${i}`]}
              inputmode="text"
            />
          </FieldRow>
          <CheckField
            name={`flip-${i}`}
            label="The opposite sign"
            hint="Battery: above zero is charging. Grid: above zero is buying."
            checked={row.isFlipped}
          />
          <CheckField
            name={`adds-${i}`}
            label="Parts of one whole: add them up"
            hint="For phases or strings that come on topics of their own."
            checked={row.adds}
          />
        </details>
        {row.topic !== '' && (
          <ButtonRow>
            <Button kind="quiet" small icon="trash" name="do" value={`remove-${i}`} aria-label={`Remove line ${i + 1}`}>
              Remove
            </Button>
          </ButtonRow>
        )}
      </fieldset>
    </details>
  );
}

/** "Solar power from pv.kw of garden/box/values". */
function lineWords({ metric, path, topic }: RuleRow): string {
  const label = findMetric(metric)?.label ?? 'The device’s time';
  return path === '' ? `${label} from ${topic}` : `${label} from ${path} of ${topic}`;
}

/** What typing replaces. */
export function Preview({ messages, now }: Pick<MappingPageProps, 'messages' | 'now'>) {
  if (messages.length === 0) return <p class="hint">Nothing was kept of this source yet.</p>;
  const settled = messages.filter(isSettled);
  const [open, folded] = settled.length < FEWEST_FOLDED ? [messages, []] : [messages.filter(isToDo), settled];
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
const isToDo = (message: ShownMessage): boolean => !isSettled(message);
const FEWEST_FOLDED = 4;

function Messages({ messages, now }: Pick<MappingPageProps, 'messages' | 'now'>) {
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
  const telling = free.filter(({ metric }) => metric !== null);
  const rest = free.filter(({ metric }) => metric === null);
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

function FileCard({ action, version, rows, importError }: MappingPageProps & { action: string }) {
  return (
    <Card title="As a file" lead="To keep it, or to use it for another source of the same kind.">
      {rows.some((row) => row.topic !== '') && (
        <LinkButton icon="download" href={`${action}/export`} download>
          Export
        </LinkButton>
      )}
      <Form action={`${action}/import`} hasFiles version={version} {...(importError ? { error: importError } : {})}>
        <Field name="file" type="file" label="A mapping file" accept=".json,application/json" required />
        <FormActions>
          <Button>Replace the lines by this file’s</Button>
        </FormActions>
      </Form>
    </Card>
  );
}

function unitWord(unit: string): string {
  return unit === 'degC' ? '°C' : unit;
}
