import { Button, Card, CheckField, Field, FieldRow, Form, FormActions, SelectField } from '../parts/index.ts';

export interface SettingsFormState {
  values: { schedule: string; keep: string; folder: string };
  errors: Readonly<Record<string, string>>;
  /** Sentence about the whole form. */
  problem?: string | undefined;
}

/** When backups are made, where they go, and whether they are sealed. */
export function BackupSettingsCard({ form, hasPassphrase }: { form: SettingsFormState; hasPassphrase: boolean }) {
  const { values, errors, problem } = form;
  return (
    <Card title="When and where">
      <Form action="/system/backups/settings" {...(problem ? { error: problem } : {})}>
        <FieldRow>
          <SelectField
            name="schedule"
            label="Make one"
            value={values.schedule}
            options={[
              ['weekly', 'each week, at night'],
              ['daily', 'each night'],
              ['off', 'only when I ask'],
            ]}
            error={errors.schedule}
          />
          <Field
            name="keep"
            label="Keep"
            type="number"
            unit="backups"
            min={1}
            max={50}
            value={values.keep}
            error={errors.keep}
            size="short"
            required
          />
        </FieldRow>
        <Field
          name="folder"
          label="Folder"
          value={values.folder}
          placeholder="in the data directory"
          hint="A USB stick or another disk, such as /media/stick/ampra: what lies on the memory card goes with it."
          error={errors.folder}
          spellcheck={false}
          autocomplete="off"
        />
        <Field
          name="passphrase"
          label={hasPassphrase ? 'Another passphrase' : 'Passphrase'}
          type="password"
          autocomplete="new-password"
          hint={
            hasPassphrase
              ? 'Backups are under a passphrase. Leave this empty to keep it.'
              : 'Seals backups, so that a lost stick tells nothing. Write it down elsewhere: nobody can open them without it.'
          }
          error={errors.passphrase}
        />
        {hasPassphrase && <CheckField name="dropsPassphrase" label="Make backups without a passphrase from now on" />}
        <FormActions>
          <Button>Save</Button>
        </FormActions>
      </Form>
    </Card>
  );
}
