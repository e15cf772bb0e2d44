import type { Child } from 'hono/jsx';
import { Icon, type IconName } from './icon.tsx';

/** `primary` once a page at most; `danger` only for what cannot be undone; `quiet` looks like text until it is touched. */
export type ButtonKind = 'primary' | 'plain' | 'quiet' | 'danger';

interface Look {
  kind?: ButtonKind;
  icon?: IconName;
  small?: boolean;
  children?: Child;
}

export interface ButtonProps extends Look {
  type?: 'submit' | 'button';
  name?: string;
  value?: string;
  disabled?: boolean;
  /** Id of the form it belongs to, when it stands outside. */
  form?: string;
  /** Where it sends the form to, when not to the form's own address. */
  formaction?: string;
  /** Id of the `<Dialog>` it opens (app.js). */
  dialog?: string;
  'aria-label'?: string;
  /** htmx and data attributes pass through. */
  [attribute: `hx-${string}` | `data-${string}`]: string | undefined;
}

export function Button(props: ButtonProps) {
  const { kind = 'plain', icon, small, children, dialog, type = 'submit', ...rest } = props;
  return (
    <button type={dialog ? 'button' : type} class={classOf(kind, small)} data-dialog={dialog} {...rest}>
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}

export interface LinkButtonProps extends Look {
  href: string;
  /** Id of a `<Dialog>` on this page that says the same as the page behind `href`; without scripts the link is followed. */
  dialog?: string;
  download?: boolean;
  'aria-label'?: string;
  [attribute: `data-${string}`]: string | undefined;
}

/** A link that looks like a button: it goes somewhere, a Button does something. */
export function LinkButton({ kind = 'plain', icon, small, children, dialog, download, ...rest }: LinkButtonProps) {
  return (
    <a class={classOf(kind, small)} data-dialog={dialog} {...(download ? { download: true } : {})} {...rest}>
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </a>
  );
}

/** Buttons beside each other, the main one first; full width on a phone. */
export function ButtonRow({ children }: { children?: Child }) {
  return <div class="button-row">{children}</div>;
}

function classOf(kind: ButtonKind, small: boolean | undefined): string {
  return `button button-${kind}${small ? ' button-small' : ''}`;
}
