import { Tabs } from '../parts/index.ts';

export function AccountTabs({ active }: { active: 'profile' | 'security' | 'tokens' }) {
  const tabs = [
    { href: '/account', label: 'Profile', isActive: active === 'profile' },
    { href: '/account/security', label: 'Security', isActive: active === 'security' },
    { href: '/account/tokens', label: 'Access tokens', isActive: active === 'tokens' },
  ];
  return <Tabs label="Account" tabs={tabs} />;
}
