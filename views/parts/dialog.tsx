import type { Child } from 'hono/jsx';

export interface DialogProps {
  /** Opened by a Button or LinkButton with `dialog={id}`. */
  id: string;
  title: string;
  children?: Child;
}

/**
 * A native dialog: focus stays inside, Escape closes it. Whatever opens it should be a LinkButton to a page that asks
 * the same, so that it works without scripts too.
 */
export function Dialog({ id, title, children }: DialogProps) {
  return (
    <dialog class="dialog" id={id} aria-labelledby={`${id}-title`}>
      <h2 class="dialog-title" id={`${id}-title`}>
        {title}
      </h2>
      {children}
    </dialog>
  );
}

/** Closes the dialog it stands in. */
export function DialogClose({ children = 'Cancel' }: { children?: Child }) {
  return (
    <button type="button" class="button button-plain" data-close-dialog="">
      <span>{children}</span>
    </button>
  );
}
