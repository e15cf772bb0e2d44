import { type AuditEntry, auditSentence } from '../../src/accounts/audit.ts';
import { formatDate } from '../../src/core/format.ts';
import { EmptyState, Pagination, Table } from '../parts/index.ts';

export interface SystemAuditProps {
  entries: readonly AuditEntry[];
  timeZone: string;
  next: string | undefined;
  isFirst: boolean;
}

/** Who did what? */
export function SystemAudit({ entries, timeZone, next, isFirst }: SystemAuditProps) {
  return (
    <>
      <Table
        caption="Who did what, newest first"
        columns={[
          { label: 'When', isWhole: true, cell: (e) => formatDate(e.time, timeZone, 'dateTime') },
          { label: 'What', isHeader: true, cell: (e) => auditSentence(e.action) },
          { label: 'Who', cell: (e) => e.actorLabel || 'Ampra' },
          { label: 'About', cell: (e) => e.subjectLabel || '-' },
          { label: 'Details', cell: (e) => e.detail || '-' },
          { label: 'From', cell: (e) => <span class="mono">{e.address || '-'}</span>, isMinor: true },
        ]}
        rows={entries}
        empty={
          <EmptyState title="Nothing written down yet">Sign-ins and changes of accounts are listed here.</EmptyState>
        }
      />
      <Pagination label="Who did what" previous={isFirst ? undefined : '/system/audit'} next={next} />
    </>
  );
}
