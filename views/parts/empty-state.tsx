import type { Child } from 'hono/jsx';

export interface EmptyStateProps {
  /** What is not there yet: "No sources yet". */
  title: string;
  /** What it would bring, in a sentence. */
  children?: Child;
  /** The next step: usually one primary LinkButton. */
  action?: Child;
}

/** An empty page says the next step and offers it. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div class="empty">
      <h2 class="empty-title">{title}</h2>
      {children && <p>{children}</p>}
      {action && <div class="empty-action">{action}</div>}
    </div>
  );
}
