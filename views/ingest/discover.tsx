import { capitalised, formatAge, listWords, lowered } from '../../src/core/format.ts';
import { findMetric } from '../../src/core/metrics.ts';
import { type HeardDevice, isMute, saidTwice } from '../../src/ingest/discovery/heard.ts';
import { reasonWords } from '../../src/sources/refused-words.ts';
import type { Source } from '../../src/sources/source.ts';
import { Button, ButtonRow, Card, EmptyState, Form, LinkButton, Notice } from '../parts/index.ts';
import { roleWords } from '../sources/words.ts';
import { counted, cssName, DeviceFacts } from './device-facts.tsx';
import { shownTopic } from './words.ts';

export interface DiscoverProps {
  isOpen: boolean;
  unclaimed: readonly HeardDevice[] | null;
  claims: readonly { claim: { filter: string; isReplayed: boolean }; source: Source }[];
  own: readonly {
    source: Source;
    devices: readonly HeardDevice[];
    problems: readonly { topic: string; reason: string; count: number; receivedAt: number }[];
    routes: readonly { filter: string; target: Source }[];
  }[];
  now: number;
}

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
  const { worth, mute } = Object.groupBy(surestFirst(unclaimed ?? []), (one) => (isMute(one) ? 'mute' : 'worth'));
  return (
    <div class="stack">
      <OpenAccessNotice {...props} />
      {isQuiet && <Nothing isOpen={props.isOpen} />}
      {worth?.map((device, i) => (
        <NewDevice device={device} now={now} isFirst={i === 0 && device.dialect !== null} />
      ))}
      {mute && <MuteDevices devices={mute} now={now} />}
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

function MuteDevices({ devices, now }: { devices: readonly HeardDevice[]; now: number }) {
  const isOne = devices.length === 1;
  return (
    <details class="fold" id="mute-devices">
      <summary>
        {counted(devices.length, 'device')} that {isOne ? 'says' : 'say'} nothing about energy so far
      </summary>
      <div class="stack">
        {devices.map((device) => (
          <NewDevice device={device} now={now} isFirst={false} />
        ))}
      </div>
    </details>
  );
}

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
        {device.dialect !== null && <AddAtOnce device={device} isFirst={isFirst} />}
        <LinkButton href={address} aria-label={`Change how ${device.name} is added`}>
          {device.dialect === null ? 'Say what it is …' : 'Change first …'}
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

/** Only what is recognised has a role that can be proposed. */
function AddAtOnce({ device, isFirst }: { device: HeardDevice; isFirst: boolean }) {
  return (
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
  );
}

function OwnSource({ source, devices, problems, routes, now }: DiscoverProps['own'][number] & { now: number }) {
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
        <>
          {devices.length > 1 && <h3 class="card-title">{device.name}</h3>}
          <DeviceFacts device={device} />
          {devices.length > 1 && <PartAway source={source} device={device} />}
        </>
      ))}
      <SaidTwice devices={devices} />
      {problems.length > 0 && (
        <>
          <h3 class="card-title">Not understood</h3>
          <ul class="plain-list">
            {problems.map((problem) => (
              <li>
                <span class="mono">{shownTopic(problem.topic)}</span>: {reasonWords(problem.reason)}{' '}
                <span class="hint num">
                  {counted(problem.count, 'time')}, {formatAge(now - problem.receivedAt)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {routes.length > 0 && <Routes source={source} routes={routes} />}
      <LinkButton small icon="edit" href={`/sources/${source.id}/mapping`} aria-label={`Mapping of ${source.name}`}>
        Mapping
      </LinkButton>
    </Card>
  );
}

/** One of several devices behind a broker or a login. */
function PartAway({ source, device }: { source: Source; device: HeardDevice }) {
  return (
    <LinkButton
      small
      href={`/sources/${source.id}/part?filter=${encodeURIComponent(device.filter)}`}
      aria-label={`Make ${device.name} a source of its own`}
    >
      Make it a source of its own …
    </LinkButton>
  );
}

function Routes({ source, routes }: Pick<DiscoverProps['own'][number], 'source' | 'routes'>) {
  return (
    <>
      <h3 class="card-title">Sources of their own</h3>
      <ul class="plain-list">
        {routes.map(({ filter, target }) => (
          <li>
            <span class="mono">{shownTopic(filter)}</span> is <a href={`/sources/${target.id}`}>{target.name}</a>{' '}
            <Form action={`/sources/${source.id}/part/end`} class="inline-form">
              <input type="hidden" name="filter" value={filter} />
              <Button kind="quiet" small aria-label={`No longer take ${filter} for ${target.name}`}>
                End this
              </Button>
            </Form>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Two devices in one source would take turns in what it shows. */
function SaidTwice({ devices }: { devices: readonly HeardDevice[] }) {
  const names = saidTwice(devices).map((name) => lowered(findMetric(name)?.label ?? name));
  if (names.length === 0) return null;
  return (
    <Notice title="More than one device says the same">
      {capitalised(listWords(names))}: the newest word counts, whichever device it is from. Give each a source of its
      own, with its own login or a connection to its topics alone.
    </Notice>
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
            <span class="mono">{shownTopic(claim.filter)}</span> is <a href={`/sources/${source.id}`}>{source.name}</a>
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
