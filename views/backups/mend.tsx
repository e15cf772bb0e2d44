import type { BackupFile } from '../../src/backups/backup-file.ts';
import { formatDate } from '../../src/core/format.ts';
import type { TelemetryFile } from '../../src/telemetry/store/telemetry-file.ts';
import { Button, Card, Field, Form, FormActions, Notice } from '../parts/index.ts';
import { checkedWords, holdsWords } from './words.ts';

/** Offers the newest good backup of the measurement store while that cannot be opened. */
export function MendTelemetry({
  file,
  files,
  timeZone,
  error,
}: {
  /** The one that could not be opened. */
  file: TelemetryFile;
  files: readonly BackupFile[];
  timeZone: string;
  error?: string;
}) {
  const newest = files.find((file) => file.facts?.isOpened && file.facts.readings !== null) ?? files[0];
  return (
    <Card title="The measurement store cannot be opened" kind="danger">
      <p>
        What devices send meanwhile is kept in the journal, and the store is tried again every few seconds. If its file
        is damaged, put it back from a backup: what came after that follows from the journal, as far as it reaches back.
        The damaged file is moved aside, not deleted.
      </p>
      {error && <Notice kind="problem">{error}</Notice>}
      {newest && (
        <Form action={`/system/backups/${newest.place}/${newest.name}/restore`}>
          <input type="hidden" name="what" value="telemetry" />
          <p>
            The newest backup is of <b>{formatDate(newest.createdAt, timeZone, 'dateTime')}</b>: {holdsWords(newest)},{' '}
            {checkedWords(newest)}.
          </p>
          {newest.isSealed && <Field name="passphrase" label="Its passphrase" type="password" autocomplete="off" />}
          <Field name="password" label="Your password" type="password" autocomplete="current-password" required />
          <FormActions>
            <Button kind="primary">Put the measurements back</Button>
          </FormActions>
        </Form>
      )}
      {!newest && (
        <Form action="/system/backups/anew">
          <p>There is no backup. {anew[file]}</p>
          <Field name="password" label="Your password" type="password" autocomplete="current-password" required />
          <FormActions>
            <Button kind="danger">Begin a new one</Button>
          </FormActions>
        </Form>
      )}
    </Card>
  );
}

const anew: Record<TelemetryFile, string> = {
  'telemetry.duckdb': 'A new store can be filled with what the journal still has, the last days.',
  'archive.db':
    'The days that are over can be begun anew: what was measured then is missing from the charts, while energy and the newest days stay.',
};
