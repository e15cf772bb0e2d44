import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { Button, Field, Form, FormActions, LinkButton } from '../parts/index.ts';
import { NewPasswordField } from './new-password-field.tsx';
import { SetUpSteps } from './set-up-steps.tsx';

export interface SetUpAccountPageProps {
  name: string;
  email: string;
  code: string;
  errors: FormErrors;
  /** The request comes from another machine. */
  asksCode: boolean;
}

export function SetUpAccountPage({ name, email, code, errors, asksCode }: SetUpAccountPageProps) {
  return (
    <div class="stack">
      <SetUpSteps current={1} />
      <Form action="/setup" {...(errors.whole ? { error: errors.whole } : {})}>
        {asksCode && (
          <Field
            name="code"
            label="Set-up code"
            value={code}
            autocomplete="off"
            spellcheck={false}
            maxlength={20}
            size="short"
            required
            autofocus
            hint="Ampra printed it when it started. It keeps neighbours from claiming your house."
            error={errors.fields.code}
          />
        )}
        <Field
          name="name"
          label="Your name"
          value={name}
          autocomplete="name"
          maxlength={100}
          required
          autofocus={!asksCode}
          error={errors.fields.name}
        />
        <Field
          name="email"
          label="E-mail"
          type="email"
          value={email}
          autocomplete="username"
          hint="You sign in with it. Nothing is sent anywhere."
          required
          error={errors.fields.email}
        />
        <NewPasswordField name="password" error={errors.fields.password} />
        <FormActions>
          <Button kind="primary">Go on</Button>
          <LinkButton href="/setup/restore" kind="quiet">
            I have a backup
          </LinkButton>
        </FormActions>
      </Form>
    </div>
  );
}
