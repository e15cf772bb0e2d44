import { shortestPassword } from '../../src/accounts/password-rules.ts';
import { Field } from '../parts/index.ts';

/** The one field for a new password, with the one rule. */
export function NewPasswordField({
  name,
  label = 'Password',
  error,
}: {
  name: string;
  label?: string;
  error?: string | undefined;
}) {
  return (
    <Field
      name={name}
      label={label}
      type="password"
      autocomplete="new-password"
      required
      minlength={shortestPassword}
      maxlength={200}
      hint={`At least ${shortestPassword} characters. A few unrelated words are easy to keep in mind.`}
      error={error}
    />
  );
}
