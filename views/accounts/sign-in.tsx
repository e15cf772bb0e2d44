import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { Button, Field, Form, FormActions, Notice } from '../parts/index.ts';

export interface SignInPageProps {
  email: string;
  /** Path to go to afterwards. */
  next: string;
  errors: FormErrors;
  canRegister: boolean;
  canMail: boolean;
  /** Set after a session that ended by itself; `kept` when a form waits to be filled again. */
  ended: 'kept' | 'plain' | null;
}

export function SignInPage({ email, next, errors, canRegister, canMail, ended }: SignInPageProps) {
  return (
    <div class="stack">
      {ended && (
        <Notice title={ended === 'kept' ? 'You were signed out. What you typed is kept.' : 'You were signed out.'}>
          <p>Sign in, and you are back where you were.</p>
        </Notice>
      )}
      <Form action="/login" {...(errors.whole ? { error: errors.whole } : {})}>
        <input type="hidden" name="next" value={next} />
        <Field
          name="email"
          label="E-mail"
          type="email"
          value={email}
          autocomplete="username"
          required
          autofocus={email === ''}
          error={errors.fields.email}
        />
        <Field
          name="password"
          label="Password"
          type="password"
          autocomplete="current-password"
          required
          autofocus={email !== ''}
          error={errors.fields.password}
        />
        <FormActions>
          <Button kind="primary">Sign in</Button>
        </FormActions>
      </Form>
      <p class="hint">
        {canMail ? <a href="/forgot">Forgot your password?</a> : <a href="/forgot">Cannot sign in?</a>}
        {canRegister && (
          <>
            {' · '}
            <a href="/register">Make an account</a>
          </>
        )}
      </p>
    </div>
  );
}
