import type { Child } from 'hono/jsx';

interface HistoryLinkProps {
  href: string;
  isActive?: boolean;
  /** Names the control, so that the focus finds it again after the page changed under it. */
  keyName: string;
  className?: string;
  label?: string;
  children?: Child;
}

/** A link that the script of the page follows without leaving it. */
export function HistoryLink({ href, isActive, keyName, className, label, children }: HistoryLinkProps) {
  return (
    <a
      href={href}
      data-history={keyName}
      {...(className ? { class: className } : {})}
      {...(label ? { 'aria-label': label } : {})}
      {...(isActive ? { 'aria-current': 'page' as const } : {})}
    >
      {children}
    </a>
  );
}
