import { Tabs } from '../parts/index.ts';

export type SystemTab = 'overview' | 'logs' | 'jobs' | 'clients' | 'audit';

const tabs: readonly [SystemTab, string, string][] = [
  ['overview', 'Overview', '/system'],
  ['clients', 'Broker clients', '/system/clients'],
  ['jobs', 'Jobs', '/system/jobs'],
  ['logs', 'Logs', '/system/logs'],
  ['audit', 'Who did what', '/system/audit'],
];

export function SystemTabs({ active }: { active: SystemTab }) {
  return <Tabs label="System" tabs={tabs.map(([key, label, href]) => ({ label, href, isActive: key === active }))} />;
}
