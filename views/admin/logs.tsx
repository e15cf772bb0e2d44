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
  /** Nothing below this level is written down. */
  least: LogLevelName;
  /** Newest first. */
  entries: readonly LogEntry[];
  timeZone: string;
}

/** What did the appliance say? */
export function SystemLogs(props: SystemLogsProps) {
  const { level } = props;
  const tabs = levels.map(([key, label]) => ({ label, href: `/system/logs?level=${key}`, isActive: key === level }));
  return (
    <>
      <Tabs label="Least level" tabs={tabs} />
      <div hx-sse:connect={`/system/logs/events?level=${level}`} hx-swap="innerMorph" hx-target="this">
        <SystemLogTable {...props} />
      </div>
    </>
  );
}

export function SystemLogTable({ level, least, entries, timeZone }: SystemLogsProps) {
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
      empty={<NoLines level={level} least={least} />}
    />
  );
}

const isBelow = (level: LogLevelName, least: LogLevelName): boolean =>
  levels.findIndex(([key]) => key === level) < levels.findIndex(([key]) => key === least);

/** An empty list may mean that all is well, or that nobody writes such lines down. */
function NoLines({ level, least }: Pick<SystemLogsProps, 'level' | 'least'>) {
  const recorded = least === 'error' ? 'errors' : least === 'warn' ? 'warnings and errors' : 'information and above';
  return (
    <EmptyState title="Nothing at this level">
      The newest lines since the start are kept here.
      {isBelow(level, least) && ` Only ${recorded} are written down: AMPRA_LOG_LEVEL=${level} would tell more.`}
    </EmptyState>
  );
}

function whenOf(time: number, timeZone: string): string {
  return `${formatDate(time, timeZone, 'dayMonth')} ${formatDate(time, timeZone, 'timeSeconds')}`;
}

function detailsOf(fields: Record<string, unknown>): string {
  const shown = Object.entries(fields).filter(([key, value]) => key !== 'stack' && value !== undefined);
  return shown.map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(' ');
}
