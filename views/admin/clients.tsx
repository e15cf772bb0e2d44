import type { ClientRow } from '../../src/admin/system.ts';
import { formatDate, formatNumber } from '../../src/core/format.ts';
import { EmptyState, Table } from '../parts/index.ts';

/** Who is connected to the broker? */
export function SystemClients({ clients, timeZone }: { clients: readonly ClientRow[]; timeZone: string }) {
  const at = (ms: number | null) => (ms === null ? '-' : formatDate(ms, timeZone, 'dateTime'));
  return (
    <Table
      caption="Connections to the MQTT broker"
      columns={[
        { label: 'Who', isHeader: true, cell: (c) => c.who },
        { label: 'Client id', cell: (c) => <span class="mono">{c.clientId || '-'}</span>, isMinor: true },
        { label: 'Address', cell: (c) => <span class="mono">{c.address}</span> },
        { label: 'Protocol', cell: (c) => c.protocol },
        { label: 'Since', isWhole: true, cell: (c) => at(c.connectedAt) },
        { label: 'Received', isNumber: true, cell: (c) => formatNumber(c.messagesIn) },
        { label: 'Sent', isNumber: true, cell: (c) => formatNumber(c.messagesOut), isMinor: true },
        { label: 'Last message', isWhole: true, cell: (c) => at(c.lastMessageAt) },
      ]}
      rows={clients}
      empty={
        <EmptyState title="Nobody is connected">
          Each source's page says what to type into the inverter so that it connects.
        </EmptyState>
      }
    />
  );
}
