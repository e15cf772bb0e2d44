import { type AuditEntry, auditSentence } from '../../src/accounts/audit.ts';
import { formatDate } from '../../src/core/format.ts';
import { EmptyState, LinkButton, Table } from '../parts/index.ts';

export interface ActivityPageProps {
  entries: readonly AuditEntry[];
  timeZone: string;
  /** Id of the last entry when there are older ones. */
  olderThan: number | null;
}

export function ActivityPage({ entries, timeZone, olderThan }: ActivityPageProps) {
  return (
    <div class="stack">
      <Table
        caption="Activity"
        rows={entries}
        empty={<EmptyState title="Nothing here">Older entries are gone.</EmptyState>}
        columns={[
          { label: 'What', isHeader: true, cell: (e) => auditSentence(e.action) },
          { label: 'Whom or which', cell: (e) => [e.subjectLabel, e.detail].filter(Boolean).join(' · ') || '-' },
          { label: 'Who', cell: (e) => e.actorLabel || (e.actorId ? 'a deleted user' : 'nobody known') },
          { label: 'From', cell: (e) => <span class="mono">{e.address}</span> },
          { label: 'When', cell: (e) => formatDate(e.time, timeZone, 'dateTime') },
        ]}
      />
      {olderThan !== null && (
        <p>
          <LinkButton href={`/users/activity?before=${olderThan}`}>Older</LinkButton>
        </p>
      )}
    </div>
  );
}
