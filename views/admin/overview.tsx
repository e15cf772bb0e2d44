import type { Part, SystemState } from '../../src/admin/system.ts';
import { formatBytes } from '../../src/core/bytes.ts';
import { formatDate, formatDuration } from '../../src/core/format.ts';
import { Badge, Card, CardGrid, Facts, LinkButton, Meter, Notice, Stat, StatRow, Table } from '../parts/index.ts';
import { wordsOf } from './part-words.ts';
import { StorageCard } from './storage.tsx';

export interface SystemOverviewProps {
  state: SystemState;
  parts: readonly Part[];
  timeZone: string;
}

/** Is the appliance itself well? */
export function SystemOverview(props: SystemOverviewProps) {
  return (
    <>
      <div hx-sse:connect="/system/events" hx-swap="innerMorph" hx-target="this" class="stack">
        <SystemOverviewBody {...props} />
      </div>
      <Card
        title="Diagnostics"
        lead="One file with settings, versions, health, numbers, jobs and logs, for whoever helps you. It holds no passwords, keys, readings or account data; have a look before you send it."
        actions={
          <LinkButton href="/system/diagnostics" icon="download" download>
            Download
          </LinkButton>
        }
      />
    </>
  );
}

export function SystemOverviewBody({ state, parts, timeZone }: SystemOverviewProps) {
  const broken = parts.filter((p) => p.state === 'broken');
  return (
    <>
      {broken.map((p) => (
        <Notice kind="problem" title={`Broken: ${wordsOf(p.part).label}`}>
          {p.message}
        </Notice>
      ))}
      {parts.map((p) => p.state === 'ok' && p.message && <Notice kind="note">{p.message}</Notice>)}
      {parts.every((p) => p.state === 'ok') && <Notice kind="done">All is well: every part works.</Notice>}
      <Figures state={state} />
      <CardGrid>
        <Card title="On disk">
          {state.disk && (
            <Meter
              label="Disk"
              share={1 - state.disk.freeBytes / state.disk.totalBytes}
              note={`${formatBytes(state.disk.freeBytes)} free of ${formatBytes(state.disk.totalBytes)}`}
            />
          )}
          <Facts items={state.stores.map((s) => [s.name, formatBytes(s.bytes)] as const)} />
        </Card>
        <Card title="This Ampra">
          <Facts
            items={[
              ['Version', state.version],
              ['Runtime', state.runtime],
              ['Running since', formatDate(state.startedAt, timeZone, 'dateTime')],
              ['Data directory', <span class="mono">{state.dataDir}</span>],
            ]}
          />
        </Card>
        <StorageCard storage={state.storage} copies={state.copies} freeBytes={state.disk?.freeBytes ?? null} />
        <Written state={state} />
      </CardGrid>
      <Card title="Parts">
        <ul class="parts">
          {parts.map(({ part, state }) => (
            <li>
              <PartName part={part} />
              <StateBadge state={state} />
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

function Figures({ state }: { state: SystemState }) {
  const [today] = state.written;
  const [memory = '', memoryUnit = ''] = formatBytes(state.residentBytes).split('\u00a0');
  const [written = '', writtenUnit = ''] = formatBytes(today?.bytes ?? 0).split('\u00a0');
  return (
    <StatRow>
      <Stat label="Up for" value={formatDuration(state.now - state.startedAt)} />
      <Stat label="Memory" value={memory} unit={memoryUnit} />
      <Stat
        label="Processor"
        value={state.cpuShare === null ? null : String(Math.round(state.cpuShare * 100))}
        unit="%"
        note="of one core"
      />
      <Stat label="Written today" value={written} unit={writtenUnit} note="since midnight UTC" />
    </StatRow>
  );
}

function Written({ state }: { state: SystemState }) {
  const full = state.written.slice(1);
  const mean = full.length === 0 ? null : full.reduce((sum, d) => sum + d.bytes, 0) / full.length;
  return (
    <Card
      title="Written a day"
      lead={
        mean === null
          ? 'A memory card lives by this. The first full day is not over yet.'
          : `A memory card lives by this: ${formatBytes(mean)} a day on average.`
      }
    >
      <Table
        caption="Bytes written on each day"
        columns={[
          { label: 'Day', isHeader: true, cell: (d) => formatDate(Date.parse(d.day), 'UTC', 'date') },
          { label: 'Written', isNumber: true, cell: (d) => formatBytes(d.bytes) },
        ]}
        rows={state.written.slice(0, 8)}
        phone="scroll"
      />
    </Card>
  );
}

function PartName({ part }: { part: string }) {
  const { label, does } = wordsOf(part);
  return (
    <div>
      {label}
      {does && <p class="hint">{does}</p>}
    </div>
  );
}

const stateWords = { ok: 'ok', starting: 'starting', broken: 'broken' } as const;
const badgeKinds = { ok: 'ok', starting: 'waiting', broken: 'alert' } as const;

function StateBadge({ state }: { state: Part['state'] }) {
  return <Badge kind={badgeKinds[state]}>{stateWords[state]}</Badge>;
}
