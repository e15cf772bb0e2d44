import type { FormErrors } from '../../src/accounts/form-errors.ts';
import { Button, Field, Form, FormActions } from '../parts/index.ts';

export function VerifyPage({ errors }: { errors: FormErrors }) {
  return (
    <div class="stack">
      <Form action="/verify" {...(errors.whole ? { error: errors.whole } : {})}>
        <Field
          name="code"
          label="Code from the mail"
          inputmode="numeric"
          autocomplete="one-time-code"
          pattern="[0-9 ]*"
          maxlength={9}
          size="short"
          required
          autofocus
          error={errors.fields.code}
        />
        <FormActions>
          <Button kind="primary">Confirm</Button>
        </FormActions>
      </Form>
      <Form action="/verify/resend">
        <p class="hint">No mail? Look into the spam folder, or ask for another one after a minute.</p>
        <FormActions>
          <Button>Send a new code</Button>
        </FormActions>
      </Form>
    </div>
  );
}
