import { type Child, useContext } from 'hono/jsx';
import { PageContext } from '../page-context.ts';
import { Notice } from './notice.tsx';

export interface FormProps {
  action: string;
  /** `get` for filters (no token), `post` for changes. */
  method?: 'get' | 'post';
  /** With files: multipart. */
  hasFiles?: boolean;
  id?: string;
  class?: string;
  /** A sentence about the whole form, after a refusal; field errors belong to their `Field`. */
  error?: string;
  /** Asks to stay when values were typed and not sent (app.js). */
  guardsChanges?: boolean;
  /** Version of the thing being edited; comes back as `version` and is compared when saving. */
  version?: number | string;
  autocomplete?: 'on' | 'off';
  children?: Child;
  [attribute: `hx-${string}` | `data-${string}` | `aria-${string}`]: string | undefined;
}

/** A form with the CSRF token in it. */
export function Form(props: FormProps) {
  const { method = 'post', hasFiles, error, guardsChanges, version, children, class: className, ...rest } = props;
  const { csrfToken } = useContext(PageContext);
  return (
    <form
      method={method}
      class={className ?? 'form'}
      {...(hasFiles ? { enctype: 'multipart/form-data' } : {})}
      {...(guardsChanges ? { 'data-guards-changes': '' } : {})}
      {...rest}
    >
      {method === 'post' && <input type="hidden" name="_csrf" value={csrfToken} />}
      {version !== undefined && <input type="hidden" name="version" value={String(version)} />}
      {error && <Notice kind="problem">{error}</Notice>}
      {children}
    </form>
  );
}

/** Fields that belong together, under a small heading. */
export function FieldSet({ legend, hint, children }: { legend: string; hint?: string; children?: Child }) {
  return (
    <fieldset class="fieldset">
      <legend>{legend}</legend>
      {hint && <p class="hint">{hint}</p>}
      {children}
    </fieldset>
  );
}

/** Fields side by side where there is room. */
export function FieldRow({ children }: { children?: Child }) {
  return <div class="field-row">{children}</div>;
}

/** The buttons at the end of a form. */
export function FormActions({ children }: { children?: Child }) {
  return <div class="form-actions button-row">{children}</div>;
}
