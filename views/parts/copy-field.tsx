import type { Child } from 'hono/jsx';
import { Icon } from './icon.tsx';

export interface CopyFieldProps {
  label: string;
  value: string;
  hint?: Child;
  /** Hidden until asked for; the copy button works all the same. */
  isSecret?: boolean;
  id?: string;
}

/** A value to be taken elsewhere: a key, an address, a command. */
export function CopyField({ label, value, hint, isSecret, id = `copy-${hashOf(label)}` }: CopyFieldProps) {
  return (
    <div class="field copy-field">
      <label class="field-label" for={id}>
        {label}
      </label>
      <div class="copy-line">
        <input
          id={id}
          class="input mono"
          type={isSecret ? 'password' : 'text'}
          value={value}
          readonly
          spellcheck={false}
          autocomplete="off"
          data-select-all=""
        />
        {isSecret && (
          <button type="button" class="button button-plain" data-reveal={id} aria-pressed="false" hidden>
            <span>Show</span>
          </button>
        )}
        <button type="button" class="button button-plain" data-copy={id} aria-label={`Copy ${label}`} hidden>
          <Icon name="copy" />
          <span data-copy-text="">Copy</span>
        </button>
      </div>
      {hint !== undefined && <p class="hint">{hint}</p>}
    </div>
  );
}

/** Lines of code or a command, with a copy button. Where the same may stand twice on a page, `id` tells them apart. */
export function CodeBlock({ code, label, id: ownId }: { code: string; label: string; id?: string }) {
  const id = ownId ?? `code-${hashOf(label + code)}`;
  return (
    <div class="code-block">
      <div class="code-head">
        <span>{label}</span>
        <button
          type="button"
          class="button button-quiet button-small"
          data-copy={id}
          aria-label={`Copy: ${label}`}
          hidden
        >
          <Icon name="copy" />
          <span data-copy-text="">Copy</span>
        </button>
      </div>
      {/* What is wider than the page is reached by the keyboard too. */}
      <pre id={id} tabindex={0}>
        <code>{code}</code>
      </pre>
    </div>
  );
}

function hashOf(text: string): string {
  let hash = 5381;
  for (let i = 0; i < text.length; i++) hash = ((hash * 33) ^ text.charCodeAt(i)) >>> 0;
  return hash.toString(36);
}
