import type { Child } from 'hono/jsx';
import { Button, Field, Form, FormActions } from '../parts/index.ts';

export interface UploadFormProps {
  action: string;
  button: string;
  /** The main thing on its page. */
  isMain?: boolean;
  children?: Child;
}

/** Sends a file in pieces (backups.js); without scripts it says how to go about it otherwise. */
export function UploadForm({ action, button, isMain, children }: UploadFormProps) {
  return (
    <Form action={action} data-upload="">
      <Field name="file" label="Backup file" type="file" accept=".tar,.sealed" required />
      {children}
      <div class="progress" data-upload-progress="" hidden>
        <p class="progress-line">
          <span role="status">Uploading</span>
          <span class="num" />
        </p>
        <progress max={100} value={0} aria-label="Uploading" />
      </div>
      <p class="field-error" role="alert" data-upload-error="" hidden />
      <noscript>
        <p class="hint">
          This needs scripts. Without them, copy the file to the computer and use <code>ampra restore FILE</code> there.
        </p>
      </noscript>
      <FormActions>
        <Button kind={isMain ? 'primary' : 'plain'}>{button}</Button>
      </FormActions>
    </Form>
  );
}
