import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { Button, CodeBlock, Field, Form, FormActions, Notice } from '../parts/index.ts';
import { NewPasswordField } from './new-password-field.tsx';

export interface ForgotPageProps {
  email: string;
  errors: FormErrors;
  canMail: boolean;
  /** What to type on the machine, as this Ampra runs. */
  resetCommand: string;
}

export function ForgotPage({ email, errors, canMail, resetCommand }: ForgotPageProps) {
  return (
    <div class="stack">
      {canMail ? (
        <Form action="/forgot" {...(errors.whole ? { error: errors.whole } : {})}>
          <Field
            name="email"
            label="E-mail"
            type="email"
            value={email}
            autocomplete="username"
            hint="We send a code to it, with which you choose a new password."
            required
            autofocus
            error={errors.fields.email}
          />
          <FormActions>
            <Button kind="primary">Send the code</Button>
          </FormActions>
        </Form>
      ) : (
        <>
          <Notice>This Ampra sends no mail, so it cannot help you by itself.</Notice>
          <p>
            Ask an administrator for a one-time link (Users, your name, One-time link). With it you choose a new
            password.
          </p>
          <p>
            Or, on the machine that Ampra runs on
            {resetCommand.startsWith('npm') ? ', in the folder that Ampra was installed in' : ''} (with your address; it
            asks for the new password):
          </p>
          <CodeBlock label="Reset a password" code={resetCommand} />
        </>
      )}
      <p class="hint">
        <a href="/login">Back to signing in</a>
      </p>
    </div>
  );
}

export interface ResetPageProps {
  code: string;
  /** Whose link this is, when it was followed. */
  person: { name: string; email: string } | null;
  isInvite: boolean;
  errors: FormErrors;
}

export function ResetPage({ code, person, isInvite, errors }: ResetPageProps) {
  const whole = errors.whole ?? (isInvite && !person ? errors.fields.code : undefined);
  if (isInvite && !person) return <BrokenLink message={errors.fields.code ?? whole ?? ''} />;
  return (
    <div class="stack">
      <Form action="/reset" {...(whole ? { error: whole } : {})}>
        {person ? (
          <>
            <p>
              You sign in as <strong>{person.email}</strong>.
            </p>
            <input type="hidden" name="code" value={code} />
            <input type="hidden" name="username" value={person.email} autocomplete="username" />
          </>
        ) : (
          <Field
            name="code"
            label="Code from the mail"
            value={code}
            autocomplete="one-time-code"
            spellcheck={false}
            required
            autofocus={code === ''}
            error={errors.fields.code}
          />
        )}
        <NewPasswordField
          name="next"
          label={person ? 'Choose a password' : 'New password'}
          error={errors.fields.next}
        />
        <FormActions>
          <Button kind="primary">Set the password</Button>
        </FormActions>
      </Form>
      <p class="hint">Everywhere else you will be signed out.</p>
    </div>
  );
}

function BrokenLink({ message }: { message: string }) {
  return (
    <div class="stack">
      <Notice kind="problem">{message}</Notice>
      <p>Whoever gave it to you can make a new one.</p>
      <p class="hint">
        <a href="/login">To signing in</a>
      </p>
    </div>
  );
}
