import type { LogEntry, LogLevelName } from '../../src/admin/system.ts';
import { formatDate } from '../../src/core/format.ts';
import { Badge, EmptyState, Table, Tabs } from '../parts/index.ts';

const levels: readonly [LogLevelName, string][] = [
  ['debug', 'Everything'],
  ['info', 'Information'],
  ['warn', 'Warnings'],
  ['error', 'Errors'],
];

export interface SystemLogsProps {
  level: LogLevelName;
  /** Newest first. */
  entries: readonly LogEntry[];
  timeZone: string;
}

/** What did the appliance say? */
export function SystemLogs({ level, entries, timeZone }: SystemLogsProps) {
  const tabs = levels.map(([key, label]) => ({ label, href: `/system/logs?level=${key}`, isActive: key === level }));
  return (
    <>
      <Tabs label="Least level" tabs={tabs} />
      <div hx-sse:connect={`/system/logs/events?level=${level}`} hx-swap="innerMorph" hx-target="this">
        <SystemLogTable entries={entries} timeZone={timeZone} />
      </div>
    </>
  );
}

export function SystemLogTable({ entries, timeZone }: Omit<SystemLogsProps, 'level'>) {
  return (
    <Table
      caption="Log, newest first"
      columns={[
        { label: 'Time', cell: (e) => <span class="num">{whenOf(e.time, timeZone)}</span> },
        {
          label: 'Level',
          cell: (e) => (
            <Badge kind={e.level === 'error' ? 'alert' : e.level === 'warn' ? 'waiting' : 'plain'}>{e.level}</Badge>
          ),
        },
        { label: 'Part', cell: (e) => e.feature },
        { label: 'What happened', isHeader: true, cell: (e) => e.message },
        { label: 'Details', isMinor: true, cell: (e) => <span class="mono">{detailsOf(e.fields)}</span> },
      ]}
      rows={entries}
      empty={<EmptyState title="Nothing at this level">The newest lines since the start are kept here.</EmptyState>}
    />
  );
}

function whenOf(time: number, timeZone: string): string {
  return `${formatDate(time, timeZone, 'dayMonth')} ${formatDate(time, timeZone, 'timeSeconds')}`;
}

function detailsOf(fields: Record<string, unknown>): string {
  const shown = Object.entries(fields).filter(([key, value]) => key !== 'stack' && value !== undefined);
  return shown.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ');
}
