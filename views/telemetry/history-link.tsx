import type { Child } from 'hono/jsx';
import { Icon } from '../parts/index.ts';

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

/** An arrow or a glass beside the chart; dim when there is nothing that way. */
export function Step({
  href,
  icon,
  label,
}: {
  href: string | null;
  icon: 'back' | 'chevron' | 'plus' | 'minus';
  label: string;
}) {
  const picture = icon === 'minus' ? <MinusIcon /> : <Icon name={icon} />;
  if (!href) {
    return (
      <span class="step is-off" aria-hidden="true">
        {picture}
      </span>
    );
  }
  return (
    <HistoryLink href={href} keyName={label} className="step" label={label}>
      {picture}
    </HistoryLink>
  );
}

function MinusIcon() {
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" aria-hidden="true">
      <path d="M5 12h14" stroke-linecap="round" />
    </svg>
  );
}
