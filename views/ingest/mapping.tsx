import type { Source } from '../../src/sources/source.ts';
import { Button, Card, Field, Form, FormActions, LinkButton, Notice } from '../parts/index.ts';
import { MappingLine, type RuleRow } from './mapping-line.tsx';
import { MessagesCard, type ShownMessage } from './mapping-messages.tsx';

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
            <MappingLine
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
