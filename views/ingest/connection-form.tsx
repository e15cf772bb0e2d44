import { connectionKinds } from '../../src/ingest/connections/connection.ts';
import type { TrialOutcome } from '../../src/ingest/connections/shown.ts';
import {
  Badge,
  Button,
  Card,
  CheckField,
  Field,
  FieldRow,
  Form,
  FormActions,
  type FormProblem,
  FormTrouble,
  fieldsOf,
  LinkButton,
  Notice,
  Progress,
  SelectField,
  TextAreaField,
} from '../parts/index.ts';
import { kindWords } from './connection-words.ts';

/** What stands in the form's fields, as typed. */
export interface ConnectionFormValues {
  name: string;
  host: string;
  port: string;
  usesTls: boolean;
  verifiesCertificate: boolean;
  authorityPem: string;
  userName: string;
  clientId: string;
  kind: string;
  topicFilters: string;
  sourceId: string;
  isOn: boolean;
}

export interface ConnectionFormProps {
  /** Null while it is being created. */
  id: string | null;
  version: number | null;
  values: ConnectionFormValues;
  /** What is wrong, by field. */
  errors: Readonly<Record<string, string>>;
  problem: FormProblem | null;
  hasPassword: boolean;
  /** The source that it feeds; null while it is being created. */
  feeds: { id: string; name: string } | null;
  /** Sources that a new connection may feed. */
  sources: readonly (readonly [id: string, name: string])[];
  trial: TrialOutcome | null;
}

/** Adds or edits a connection: short on top, the rest folded away until it is wanted or wrong. */
export function ConnectionForm(props: ConnectionFormProps) {
  const { id, version, values, errors, problem } = props;
  const field = fieldsOf(values, errors);
  const action = id === null ? '/connections' : `/connections/${id}`;
  return (
    <div class="stack">
      <Form action={action} guardsChanges {...(version === null ? {} : { version })}>
        {problem && <FormTrouble problem={problem} what="This connection" reloadHref={`${action}/edit`} />}
        {props.feeds && (
          <p>
            Feeds the source <a href={`/sources/${props.feeds.id}`}>{props.feeds.name}</a>.
          </p>
        )}
        <PlaceFields {...props} />
        <LoginFields {...props} />
        {id === null && (
          <SelectField
            {...field('sourceId')}
            label="Feeds the source"
            options={[['', 'A new one of the same name'], ...props.sources]}
          />
        )}
        {id !== null && (
          <CheckField name="isOn" label="Switched on" checked={values.isOn} hint="Off: Ampra hangs up and waits." />
        )}
        <Details {...props} />
        <FormActions>
          <Button kind="primary">{id === null ? 'Add the connection' : 'Save'}</Button>
          <Button
            name="do"
            value="try"
            hx-post={`${action}/try`}
            hx-target="#trial"
            hx-swap="innerHTML"
            hx-indicator="#trial-wait"
          >
            Try it
          </Button>
          <LinkButton href="/connections">Cancel</LinkButton>
        </FormActions>
        <p class="hint">Trying connects and listens for up to 10 seconds, and keeps nothing.</p>
      </Form>
      <div id="trial-wait" class="trial-wait">
        <Progress label="Connecting and listening, up to 10 seconds" share={null} />
      </div>
      <div id="trial" aria-live="polite">
        {props.trial && <TrialCard trial={props.trial} />}
      </div>
      {id !== null && (
        <p>
          <LinkButton kind="quiet" href={`/connections/${id}/delete`}>
            Delete the connection
          </LinkButton>
        </p>
      )}
    </div>
  );
}

function PlaceFields({ values, errors, id }: ConnectionFormProps) {
  const field = fieldsOf(values, errors);
  return (
    <>
      <FieldRow>
        <Field
          {...field('host')}
          label="Address"
          hint="Of the device whose broker it is: venus.local, 192.168.1.30."
          placeholder="192.168.1.30"
          required
          autocomplete="off"
          inputmode="url"
          spellcheck={false}
          autofocus={id === null}
        />
        <Field
          {...field('port')}
          label="Port"
          inputmode="numeric"
          size="short"
          placeholder={values.usesTls ? '8883' : '1883'}
        />
      </FieldRow>
      <Field
        {...field('name')}
        label="Name"
        hint="As you call it: “Garage”, “Victron”."
        maxlength={100}
        autocomplete="off"
      />
    </>
  );
}

function LoginFields({ values, errors, hasPassword }: ConnectionFormProps) {
  const field = fieldsOf(values, errors);
  return (
    <FieldRow>
      <Field {...field('userName')} label="User name" autocomplete="off" spellcheck={false} />
      <Field
        name="password"
        type="password"
        label="Password"
        error={errors.password}
        autocomplete="new-password"
        {...(hasPassword ? { hint: 'One is kept. Leave this empty to keep it.' } : {})}
      />
    </FieldRow>
  );
}

const detailFields = ['kind', 'topicFilters', 'clientId', 'authorityPem'];

function Details({ values, errors, hasPassword }: ConnectionFormProps) {
  const field = fieldsOf(values, errors);
  const isOpen = detailFields.some((name) => errors[name] !== undefined) || values.usesTls;
  return (
    <details class="fold" open={isOpen}>
      <summary>Details: TLS, topics, client id</summary>
      <CheckField name="usesTls" label="Use TLS" checked={values.usesTls} hint="Mostly port 8883." />
      <CheckField
        name="acceptsAny"
        label="Accept any certificate"
        checked={!values.verifiesCertificate}
        hint="For devices that made their own, like a Victron GX. Somebody in your network could then listen."
      />
      <TextAreaField
        {...field('authorityPem')}
        label="Certificate of its authority"
        rows={3}
        hint="Only for a broker whose certificate was signed at home. Begins with -----BEGIN CERTIFICATE-----."
      />
      <SelectField
        {...field('kind')}
        label="What runs there"
        options={connectionKinds.map((kind) => [kind, kindWords[kind]] as const)}
      />
      <TextAreaField
        {...field('topicFilters')}
        label="Topics"
        rows={2}
        hint="One a line, like N/# or tele/garage/#. Empty: those of the kind; for another broker all, which is more than one device."
      />
      <Field
        {...field('clientId')}
        label="Client id"
        hint="No two programs at the same broker may share one. Empty: made up."
        autocomplete="off"
        spellcheck={false}
      />
      {hasPassword && <CheckField name="dropPassword" label="Forget the password" />}
    </details>
  );
}

/** What a trial heard. */
export function TrialCard({ trial }: { trial: TrialOutcome }) {
  const { isConnected, trouble, messages, dialects, topics, topicCount } = trial;
  return (
    <Card title={trouble ? 'What came of it' : 'What was heard'} level={2}>
      {trouble && (
        <Notice kind="problem" title={trouble.reason}>
          <p>{trouble.hint}</p>
        </Notice>
      )}
      {isConnected && !trouble && (
        <Notice kind={dialects.length > 0 ? 'done' : 'note'} title={trialSentence(trial)}>
          {dialects.map((d) => (
            <p>
              {d.name}: {d.messages} {d.messages === 1 ? 'message' : 'messages'} ({d.reason})
            </p>
          ))}
        </Notice>
      )}
      {messages > 0 && (
        <details class="fold">
          <summary>
            {topicCount} {topicCount === 1 ? 'topic' : 'topics'}
          </summary>
          <ul class="messages">
            {topics.map(({ topic, dialect }) => (
              <li>
                <span class="mono message-topic">{topic}</span> {dialect && <Badge>{dialect}</Badge>}
              </li>
            ))}
            {topicCount > topics.length && <li class="hint">and {topicCount - topics.length} more</li>}
          </ul>
        </details>
      )}
    </Card>
  );
}

function trialSentence({ messages, dialects }: TrialOutcome): string {
  if (messages === 0) return 'Connected, but nothing was published while Ampra listened.';
  if (dialects.length === 0) return 'Connected. What is published there is not known to Ampra.';
  return 'Connected, and understood.';
}
