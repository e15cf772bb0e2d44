import type { Child } from 'hono/jsx';
import { Icon } from './icon.tsx';

export interface NoticeProps {
  /** `problem` is for what needs a hand now. */
  kind?: 'note' | 'done' | 'problem';
  title?: string;
  children?: Child;
}

/** A sentence that stays on the page: what happened, what was kept, what to do. */
export function Notice({ kind = 'note', title, children }: NoticeProps) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'problem' ? 'alert' : 'status'}>
      <Icon name={kind === 'problem' ? 'alert' : kind === 'done' ? 'check' : 'info'} />
      <div>
        {title && <p class="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  );
}
