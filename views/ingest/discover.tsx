import { formatAge, formatNumber } from '../../src/core/format.ts';
import type { HeardDevice } from '../../src/ingest/heard.ts';
import { reasonWords } from '../../src/sources/refused-words.ts';
import type { Source } from '../../src/sources/source.ts';
import { sourceRoles } from '../../src/sources/source.ts';
import {
  Badge,
  Button,
  ButtonRow,
  Card,
  EmptyState,
  Field,
  Form,
  FormActions,
  LinkButton,
  Notice,
  SelectField,
} from '../parts/index.ts';
import { roleWords } from '../sources/words.ts';
import { dialectName, shownValues, surenessWord } from './words.ts';

export interface DiscoverProps {
  isOpen: boolean;
  unclaimed: readonly HeardDevice[] | null;
  claims: readonly { claim: { filter: string; isReplayed: boolean }; source: Source }[];
  own: readonly {
    source: Source;
    devices: readonly HeardDevice[];
    problems: readonly { topic: string; reason: string; count: number; receivedAt: number }[];
  }[];
  now: number;
}

const MOST_VALUES = 12;

/** What is heard, grouped into devices. */
export function DiscoverPage(props: DiscoverProps) {
  return (
    <div id="discover" class="stack" hx-sse:connect="/sources/discover/events" hx-swap="innerMorph" hx-target="this">
      <DiscoverBody {...props} />
    </div>
  );
}

/** What an event replaces. */
export function DiscoverBody(props: DiscoverProps) {
  const { unclaimed, own, claims, now } = props;
  const isQuiet = (unclaimed ?? []).length === 0 && own.length === 0;
  return (
    <div class="stack">
      <OpenAccessNotice {...props} />
      {isQuiet && <Nothing isOpen={props.isOpen} />}
      {surestFirst(unclaimed ?? []).map((device, i) => (
        <NewDevice device={device} now={now} isFirst={i === 0 && device.dialect !== null} />
      ))}
      {own.map((one) => (
        <OwnSource {...one} now={now} />
      ))}
      {claims.length > 0 && <Claims claims={claims} />}
    </div>
  );
}

/** What is surest comes first, and last what nobody knows yet. */
const surestFirst = (devices: readonly HeardDevice[]): HeardDevice[] =>
  [...devices].sort((a, b) => surenessOf(b) - surenessOf(a));
const surenessOf = ({ recognition }: HeardDevice) => recognition?.sureness ?? 0;

function OpenAccessNotice({ isOpen, unclaimed }: DiscoverProps) {
  if (!isOpen) return null;
  return (
    <Notice title="Open access is on">
      Devices in your private network may send without a login.{' '}
      {unclaimed
        ? 'What they send is kept for seven days and comes along when you add them.'
        : 'What they send waits until an Overseer adds it.'}
    </Notice>
  );
}

function Nothing({ isOpen }: { isOpen: boolean }) {
  return (
    <EmptyState
      title="Nothing was heard in the last 24 hours"
      action={
        <ButtonRow>
          <LinkButton kind="primary" icon="plus" href="/sources/new">
            Add a source
          </LinkButton>
          <LinkButton href="/connections/new">Connect to a broker</LinkButton>
        </ButtonRow>
      }
    >
      {isOpen
        ? 'Point a device at this appliance’s MQTT port. It appears here by itself.'
        : 'Add a source and give the device its login. What it sends appears here by itself. A Victron GX, SolarAssistant or house Mosquitto has a broker of its own: connect to it. For devices that cannot log in, set AMPRA_MQTT_ACCESS=open.'}
    </EmptyState>
  );
}

function NewDevice({ device, now, isFirst }: { device: HeardDevice; now: number; isFirst: boolean }) {
  const address = `/sources/discover/add?filter=${encodeURIComponent(device.filter)}`;
  return (
    <Card
      id={`device-${cssName(device.filter)}`}
      title={device.name}
      lead={`New device, heard ${formatAge(now - device.lastAt)}`}
    >
      <DeviceFacts device={device} isNew />
      <ButtonRow>
        <Form action="/sources/discover/add" class="inline-form">
          <input type="hidden" name="filter" value={device.filter} />
          <input type="hidden" name="name" value={device.name} />
          <input type="hidden" name="role" value={device.role} />
          <Button
            kind={isFirst ? 'primary' : 'plain'}
            icon="plus"
            aria-label={`Add ${device.name} as ${roleWords[device.role]}`}
          >
            Add as “{device.name}”, {roleWords[device.role].toLowerCase()}
          </Button>
        </Form>
        <LinkButton href={address} aria-label={`Change how ${device.name} is added`}>
          Change first …
        </LinkButton>
        <Form action="/sources/discover/dismiss" class="inline-form">
          <input type="hidden" name="filter" value={device.filter} />
          <Button kind="quiet" aria-label={`Dismiss ${device.name}: remove what is kept of it`}>
            Dismiss
          </Button>
        </Form>
      </ButtonRow>
    </Card>
  );
}

function DeviceFacts({ device, isNew = false }: { device: HeardDevice; isNew?: boolean }) {
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
        <span class="mono">{device.filter}</span> · {counted(device.messages, 'message')} on{' '}
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
      {topic} {text}
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

function OwnSource({ source, devices, problems, now }: DiscoverProps['own'][number] & { now: number }) {
  return (
    <Card
      id={`heard-${source.id}`}
      title={source.name}
      lead={`Your source, ${roleWords[source.role].toLowerCase()}${heardText(devices, now)}`}
      actions={
        <LinkButton small href={`/sources/${source.id}`} aria-label={`Open ${source.name}`}>
          Open
        </LinkButton>
      }
    >
      {devices.map((device) => (
        <DeviceFacts device={device} />
      ))}
      {problems.length > 0 && (
        <>
          <h3 class="card-title">Not understood</h3>
          <ul class="plain-list">
            {problems.map((problem) => (
              <li>
                <span class="mono">{problem.topic}</span>: {reasonWords(problem.reason)}{' '}
                <span class="hint num">
                  {counted(problem.count, 'time')}, {formatAge(now - problem.receivedAt)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <LinkButton small icon="edit" href={`/sources/${source.id}/mapping`} aria-label={`Mapping of ${source.name}`}>
        Mapping
      </LinkButton>
    </Card>
  );
}

/** ", heard 12 min ago", where something of it was. */
function heardText(devices: readonly HeardDevice[], now: number): string {
  return devices.length === 0 ? '' : `, heard ${formatAge(now - Math.max(...devices.map(({ lastAt }) => lastAt)))}`;
}

function Claims({ claims }: Pick<DiscoverProps, 'claims'>) {
  return (
    <Card title="Added without a login" lead="What comes on these topics without a login belongs to a source.">
      <ul class="plain-list">
        {claims.map(({ claim, source }) => (
          <li>
            <span class="mono">{claim.filter}</span> is <a href={`/sources/${source.id}`}>{source.name}</a>
            {!claim.isReplayed && <span class="hint"> (earlier messages follow)</span>}{' '}
            <Form action="/sources/discover/release" class="inline-form">
              <input type="hidden" name="filter" value={claim.filter} />
              <Button kind="quiet" small aria-label={`No longer take ${claim.filter} for ${source.name}`}>
                End this
              </Button>
            </Form>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export interface AddDeviceProps {
  device: HeardDevice | null;
  values: { filter: string; name: string; role: string; sourceId: string };
  sources: readonly Source[];
  errors: Readonly<Record<string, string>>;
  problem?: string;
}

/** Name, role and topics of a device before it becomes a source. */
export function AddDevicePage({ device, values, sources, errors, problem }: AddDeviceProps) {
  return (
    <div class="stack">
      {device && (
        <Card title="What it sends">
          <DeviceFacts device={device} isNew />
        </Card>
      )}
      <Card title="Add it">
        <Form action="/sources/discover/add" {...(problem ? { error: problem } : {})}>
          <SelectField
            name="sourceId"
            label="Add it to"
            value={values.sourceId}
            empty="A new source"
            options={sources.map((source) => [source.id, source.name] as const)}
            error={errors.sourceId}
            optional={false}
          />
          <Field
            name="name"
            label="Name of the new source"
            value={values.name}
            maxlength={100}
            error={errors.name}
            optional={false}
          />
          <SelectField
            name="role"
            label="It measures"
            value={values.role}
            options={sourceRoles.map((role) => [role, roleWords[role]] as const)}
            error={errors.role}
          />
          <Field
            name="filter"
            label="Its topics"
            value={values.filter}
            error={errors.filter}
            hint="+ stands for one level, # at the end for all that follow."
            spellcheck={false}
            autocomplete="off"
            required
          />
          <FormActions>
            <Button kind="primary" icon="plus">
              Add it
            </Button>
            <LinkButton href="/sources/discover">Back</LinkButton>
          </FormActions>
        </Form>
      </Card>
    </div>
  );
}

const counted = (count: number, word: string) => `${formatNumber(count)} ${word}${count === 1 ? '' : 's'}`;
const cssName = (filter: string) => filter.replaceAll(/[^a-zA-Z0-9_-]/g, (c) => `_${c.codePointAt(0)}`);
