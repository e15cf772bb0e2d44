import type { Child } from 'hono/jsx';

type InputType =
  | 'text'
  | 'email'
  | 'password'
  | 'number'
  | 'date'
  | 'time'
  | 'datetime-local'
  | 'url'
  | 'search'
  | 'tel'
  | 'file'
  | 'color';

interface Common {
  name: string;
  label: string;
  /** What to put there and why, in one short sentence. */
  hint?: Child;
  /** What is wrong with the value and how to mend it. */
  error?: string | undefined;
  required?: boolean;
  /** False where it is needed sometimes: neither asked for nor called optional. */
  optional?: boolean;
  disabled?: boolean;
  autofocus?: boolean;
  id?: string;
}

export interface FieldProps extends Common {
  type?: InputType;
  value?: string | number | null | undefined;
  placeholder?: string;
  /** Shown after the input, small: W, %, kWh. */
  unit?: string;
  autocomplete?: string;
  inputmode?: 'text' | 'decimal' | 'numeric' | 'email' | 'url' | 'search' | 'none';
  min?: number | string;
  max?: number | string;
  step?: number | 'any';
  minlength?: number;
  maxlength?: number;
  pattern?: string;
  accept?: string;
  readonly?: boolean;
  spellcheck?: boolean;
  /** Ids of suggestions: rendered as a datalist. */
  suggestions?: readonly string[];
  /** `short` for codes and small numbers. */
  size?: 'short' | 'full';
  [attribute: `hx-${string}` | `data-${string}`]: string | undefined;
}

/** The fields of a form that hold text. */
type TextName<V> = { [K in keyof V]: V[K] extends string ? K : never }[keyof V] & string;

/** Name, value and error of a field, to spread into it: what was typed stays, and what is wrong stands below. */
export function fieldsOf<V extends object>(
  values: Readonly<V>,
  errors: Readonly<Record<string, string>>,
): <N extends TextName<V>>(name: N) => { name: N; value: string; error: string | undefined } {
  return (name) => ({ name, value: values[name] as string, error: errors[name] });
}

/** Label, input, hint and error as one thing that screen readers read together. */
export function Field(props: FieldProps) {
  const { label, hint, error, unit, suggestions, size, value, type = 'text', id = idOf(props.name), ...more } = props;
  const { optional = !props.required, ...rest } = more;
  const input = (
    <input
      id={id}
      type={type}
      class="input"
      {...(value !== undefined && value !== null ? { value: String(value) } : {})}
      {...(suggestions ? { list: `${id}-list` } : {})}
      {...described(id, hint, error)}
      {...rest}
    />
  );
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} optional={optional} short={size === 'short'}>
      {unit ? (
        <span class="input-with-unit">
          {input}
          <span class="input-unit">{unit}</span>
        </span>
      ) : (
        input
      )}
      {suggestions && (
        <datalist id={`${id}-list`}>
          {suggestions.map((s) => (
            <option value={s} />
          ))}
        </datalist>
      )}
    </FieldFrame>
  );
}

export interface SelectFieldProps extends Common {
  value?: string | null | undefined;
  options: readonly (readonly [value: string, label: string])[];
  /** First, empty choice. */
  empty?: string;
  [attribute: `hx-${string}` | `data-${string}`]: string | undefined;
}

export function SelectField(props: SelectFieldProps) {
  const { label, hint, error, value, options, empty, id = idOf(props.name), ...more } = props;
  const { optional = !props.required && empty !== undefined, ...rest } = more;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} optional={optional}>
      <select id={id} class="input" {...described(id, hint, error)} {...rest}>
        {empty !== undefined && <option value="">{empty}</option>}
        {options.map(([key, text]) => (
          <option value={key} selected={key === value}>
            {text}
          </option>
        ))}
      </select>
    </FieldFrame>
  );
}

export interface TextAreaFieldProps extends Common {
  value?: string | null | undefined;
  rows?: number;
  maxlength?: number;
  placeholder?: string;
}

export function TextAreaField(props: TextAreaFieldProps) {
  const { label, hint, error, value, rows = 3, id = idOf(props.name), ...rest } = props;
  return (
    <FieldFrame id={id} label={label} hint={hint} error={error} optional={!props.required}>
      <textarea id={id} class="input" rows={rows} {...described(id, hint, error)} {...rest}>
        {value ?? ''}
      </textarea>
    </FieldFrame>
  );
}

export interface CheckFieldProps extends Common {
  value?: string;
  checked?: boolean | undefined;
}

/** One yes or no. An unchecked box sends nothing. */
export function CheckField(props: CheckFieldProps) {
  const { label, hint, error, checked, value = 'on', id = idOf(props.name), ...rest } = props;
  return (
    <div class={`check${error ? ' field-wrong' : ''}`}>
      <input id={id} type="checkbox" value={value} checked={checked} {...described(id, hint, error)} {...rest} />
      <label for={id}>{label}</label>
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}

export interface RadioFieldProps extends Common {
  value?: string | null | undefined;
  options: readonly { value: string; label: string; hint?: string }[];
}

/** A choice among a few, all visible, each a large target. */
export function RadioField({ name, label, hint, error, value, options, required, disabled }: RadioFieldProps) {
  const id = idOf(name);
  return (
    <fieldset class={`field radios${error ? ' field-wrong' : ''}`} {...described(id, hint, error)}>
      <legend class="field-label">{label}</legend>
      {options.map((o) => (
        <label class="radio">
          <input type="radio" name={name} value={o.value} checked={o.value === value} {...{ required, disabled }} />
          <span>
            <span class="radio-label">{o.label}</span>
            {o.hint && <span class="hint">{o.hint}</span>}
          </span>
        </label>
      ))}
      <FieldNotes id={id} hint={hint} error={error} />
    </fieldset>
  );
}

interface FrameProps {
  id: string;
  label: string;
  hint: Child | undefined;
  error: string | undefined;
  optional: boolean;
  short?: boolean;
  children?: Child;
}

function FieldFrame({ id, label, hint, error, optional, short, children }: FrameProps) {
  return (
    <div class={`field${error ? ' field-wrong' : ''}${short ? ' field-short' : ''}`}>
      <label class="field-label" for={id}>
        {label}
        {optional && <span class="field-optional"> optional</span>}
      </label>
      {children}
      <FieldNotes id={id} hint={hint} error={error} />
    </div>
  );
}

function FieldNotes({ id, hint, error }: { id: string; hint: Child | undefined; error: string | undefined }) {
  return (
    <>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </>
  );
}

function described(id: string, hint: Child | undefined, error: string | undefined) {
  const ids = [error ? `${id}-error` : '', hint !== undefined ? `${id}-hint` : ''].filter(Boolean).join(' ');
  return { ...(ids ? { 'aria-describedby': ids } : {}), ...(error ? { 'aria-invalid': 'true' as const } : {}) };
}

function idOf(name: string): string {
  return `f-${name.replaceAll(/[^\w-]/g, '-')}`;
}
