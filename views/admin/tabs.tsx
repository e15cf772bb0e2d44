import { useContext } from 'hono/jsx';
import { PageContext } from '../page-context.ts';
import { Tabs } from '../parts/index.ts';

export type SystemTab = 'overview' | 'backups' | 'logs' | 'jobs' | 'clients' | 'audit';

const tabs: readonly [SystemTab, string, string][] = [
  ['overview', 'Overview', '/system'],
  ['backups', 'Backups', '/system/backups'],
  ['clients', 'Broker clients', '/system/clients'],
  ['jobs', 'Jobs', '/system/jobs'],
  ['logs', 'Logs', '/system/logs'],
  ['audit', 'Who did what', '/system/audit'],
];

/** What the window is called: each tab is a page of its own. */
export function systemTitle(tab: SystemTab): string {
  const label = tabs.find(([key]) => key === tab)?.[1];
  return label === undefined || tab === 'overview' ? 'System' : `${label}, System`;
}

export function SystemTabs({ active }: { active: SystemTab }) {
  const isOverseer = useContext(PageContext).viewer?.role === 'overseer';
  // A backup holds what is everybody's: it is for those alone who look after everything.
  const shown = tabs.filter(([key]) => key !== 'backups' || isOverseer);
  return <Tabs label="System" tabs={shown.map(([key, label, href]) => ({ label, href, isActive: key === active }))} />;
}
