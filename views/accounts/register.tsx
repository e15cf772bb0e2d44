import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { Button, Field, Form, FormActions } from '../parts/index.ts';
import { NewPasswordField } from './new-password-field.tsx';

export function RegisterPage({ name, email, errors }: { name: string; email: string; errors: FormErrors }) {
  return (
    <div class="stack">
      <Form action="/register" {...(errors.whole ? { error: errors.whole } : {})}>
        <Field
          name="name"
          label="Name"
          value={name}
          autocomplete="name"
          maxlength={100}
          required
          error={errors.fields.name}
        />
        <Field
          name="email"
          label="E-mail"
          type="email"
          value={email}
          autocomplete="username"
          required
          error={errors.fields.email}
        />
        <NewPasswordField name="password" error={errors.fields.password} />
        <FormActions>
          <Button kind="primary">Make the account</Button>
        </FormActions>
      </Form>
      <p class="hint">
        <a href="/login">You have one already? Sign in</a>
      </p>
    </div>
  );
}
