import { CheckField, type Difference, Field, Notice, StaleNotice } from '../parts/index.ts';

/** A refusal of the whole form; with `differences` when somebody else saved meanwhile. */
export interface FormProblem {
  message: string;
  hint?: string | undefined;
  differences?: readonly Difference[];
}

/** Why the whole form was not taken; after a clash, what differs. */
export function Trouble({ problem, what, reloadHref }: { problem: FormProblem; what: string; reloadHref: string }) {
  if (problem.differences) return <StaleNotice what={what} differences={problem.differences} reloadHref={reloadHref} />;
  return (
    <Notice kind="problem" title={problem.message}>
      {problem.hint && <p>{problem.hint}</p>}
    </Notice>
  );
}

/** Upload of a small picture, with the present one and a way to take it away. */
export function PictureField(props: { name: string; label: string; error: string | undefined; url: string | null }) {
  const { name, label, error, url } = props;
  return (
    <div class="picture-field">
      {url && <img class="source-icon" src={url} alt={`Present ${label.toLowerCase()}`} width="44" height="44" />}
      <Field
        name={name}
        type="file"
        label={label}
        error={error}
        accept="image/jpeg,image/png,image/webp,image/gif"
        hint="JPEG, PNG, WebP or GIF up to 6 MB; it is made small."
      />
      {url && <CheckField name={`remove-${name}`} label={`Take the ${label.toLowerCase()} away`} />}
    </div>
  );
}

/** Name, value and error of a field, to spread into it: what was typed stays, and what is wrong stands below. */
export function fieldsOf<Name extends string>(
  values: Readonly<Record<Name, string>>,
  errors: Readonly<Record<string, string>>,
): (name: Name) => { name: Name; value: string; error: string | undefined } {
  return (name) => ({ name, value: values[name], error: errors[name] });
}
