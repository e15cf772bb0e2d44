import type { Access, Viewer } from '../src/accounts/viewer.ts';
import type { IconName } from './parts/icon.tsx';

export type NavKey =
  | 'live'
  | 'history'
  | 'totals'
  | 'forecast'
  | 'sources'
  | 'weather'
  | 'account'
  | 'users'
  | 'system';

export interface NavEntry {
  key: NavKey;
  label: string;
  href: string;
  icon: IconName;
  access: Access;
}

/**
 * The pages of the appliance in reading order. The first `onPhone` that a viewer may see stand in the tab bar: what one
 * glances at each day; what is set up once is behind More.
 */
export const navEntries: readonly NavEntry[] = [
  { key: 'live', label: 'Live', href: '/', icon: 'live', access: 'user' },
  { key: 'history', label: 'History', href: '/history', icon: 'history', access: 'user' },
  { key: 'totals', label: 'Totals', href: '/totals', icon: 'totals', access: 'user' },
  { key: 'forecast', label: 'Forecast', href: '/forecast', icon: 'forecast', access: 'user' },
  { key: 'weather', label: 'Weather', href: '/weather', icon: 'weather', access: 'user' },
  { key: 'sources', label: 'Sources', href: '/sources', icon: 'sources', access: 'user' },
  { key: 'account', label: 'Account', href: '/account', icon: 'account', access: 'user' },
  { key: 'users', label: 'Users', href: '/users', icon: 'users', access: 'admin' },
  { key: 'system', label: 'System', href: '/system', icon: 'system', access: 'admin' },
];

export const onPhone = 4;

/** The page of the navigation in whose midst an address lies; undefined for the page itself, and where there is none. */
export function navAround(viewer: Viewer | null, asked: { path: string; hasQuery: boolean }): NavEntry | undefined {
  const { path, hasQuery } = asked;
  return navFor(viewer).find(
    ({ href }) => href !== '/' && (path.startsWith(`${href}/`) || (path === href && hasQuery)),
  );
}

export function navFor(viewer: Viewer | null): NavEntry[] {
  if (!viewer) return [];
  return navEntries.filter((entry) => entry.access === 'user' || viewer.role !== 'user');
}
