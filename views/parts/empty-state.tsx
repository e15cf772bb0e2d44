import type { Child } from 'hono/jsx';

export interface EmptyStateProps {
  /** What is not there yet: "No sources yet". */
  title: string;
  /** What it would bring, in a sentence. */
  children?: Child;
  /** The next step: usually one primary LinkButton. */
  action?: Child;
  /** Where it is all that the page says: then its title is the page's heading. */
  isPage?: boolean;
}

/** An empty page says the next step and offers it. */
export function EmptyState({ title, children, action, isPage = false }: EmptyStateProps) {
  return (
    <div class="empty">
      {isPage ? <h1 class="empty-title">{title}</h1> : <h2 class="empty-title">{title}</h2>}
      {children && <p>{children}</p>}
      {action && <div class="empty-action">{action}</div>}
    </div>
  );
}
