import type { BackupFile } from '../../src/backups/backup-file.ts';
import { formatBytes } from '../../src/core/bytes.ts';
import { formatDate } from '../../src/core/format.ts';
import { Button, Card, Facts, Field, Form, FormActions, LinkButton, Notice, RadioField } from '../parts/index.ts';
import { checkedWords, holdsWords } from './words.ts';

export interface RestorePageProps {
  file: BackupFile;
  timeZone: string;
  /** The passphrase of the settings may open it. */
  hasPassphrase: boolean;
  errors: Readonly<Record<string, string>>;
  problem?: string | undefined;
}

/** What comes back, and what goes? */
export function RestorePage({ file, timeZone, hasPassphrase, errors, problem }: RestorePageProps) {
  const path = `/system/backups/${file.place}/${file.name}`;
  return (
    <div class="stack">
      <Card title={formatDate(file.createdAt, timeZone, 'dateTime')}>
        <Facts
          items={[
            ['File', <span class="mono">{file.name}</span>],
            ['Size', formatBytes(file.bytes)],
            ['Holds', holdsWords(file)],
            ['Checked', checkedWords(file)],
            ['Made by', file.facts ? `Ampra ${file.facts.version}` : '-'],
          ]}
        />
      </Card>
      <Card title="Restore it">
        <Notice>
          <p>
            Accounts, sources, settings and readings become those of this moment. What is there now is moved aside, not
            deleted. It is checked first; then Ampra starts anew, and everybody signs in again. Passwords and access
            tokens are those of the backup.
          </p>
        </Notice>
        <Form action={`${path}/restore`} {...(problem ? { error: problem } : {})}>
          <RadioField
            name="what"
            label="What"
            value="everything"
            options={[
              { value: 'everything', label: 'Everything' },
              {
                value: 'telemetry',
                label: 'The measurements alone',
                hint: 'Accounts and sources stay; what was measured since follows from the journal.',
              },
            ]}
          />
          {file.isSealed && (
            <Field
              name="passphrase"
              label="Passphrase of the backup"
              type="password"
              autocomplete="off"
              required={!hasPassphrase}
              {...(hasPassphrase ? { hint: 'Leave it empty for the passphrase that backups have now.' } : {})}
              error={errors.passphrase}
            />
          )}
          <Field
            name="password"
            label="Your password"
            type="password"
            autocomplete="current-password"
            required
            error={errors.password}
          />
          <FormActions>
            <Button kind="danger">Restore</Button>
            <LinkButton href="/system/backups">Cancel</LinkButton>
          </FormActions>
        </Form>
      </Card>
      <Card title="Remove this backup" kind="danger">
        <Form action={`${path}/remove`}>
          <FormActions>
            <Button kind="danger">Remove</Button>
          </FormActions>
        </Form>
      </Card>
    </div>
  );
}
