export interface TabsProps {
  /** Names the choice: "Period". */
  label: string;
  /** Each tab is a page of its own, so that Back and links work. */
  tabs: readonly { href: string; label: string; isActive?: boolean }[];
}

/** A choice between a few views of the same thing. */
export function Tabs({ label, tabs }: TabsProps) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a href={tab.href} {...(tab.isActive ? { 'aria-current': 'page' as const } : {})}>
          {tab.label}
        </a>
      ))}
    </nav>
  );
}
