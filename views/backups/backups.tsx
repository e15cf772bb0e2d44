import type { BackupFile } from '../../src/backups/backup-file.ts';
import type { Activity, BackupOverview } from '../../src/backups/overview.ts';
import { formatBytes } from '../../src/core/bytes.ts';
import { formatDate } from '../../src/core/format.ts';
import {
  Badge,
  Button,
  ButtonRow,
  Card,
  EmptyState,
  Form,
  LinkButton,
  Notice,
  Progress,
  Table,
} from '../parts/index.ts';
import { MendTelemetry } from './mend.tsx';
import { BackupSettingsCard, type SettingsFormState } from './settings.tsx';
import { UploadForm } from './upload.tsx';
import { checkedWords, holdsWords, progressWords } from './words.ts';

export interface BackupsPageProps {
  overview: BackupOverview;
  timeZone: string;
  form: SettingsFormState;
  /** Why mending was refused; shown at its form. */
  mendError?: string | undefined;
}

/** Is everything safe, and how does it come back? */
export function BackupsPage({ overview, timeZone, form, mendError }: BackupsPageProps) {
  return (
    <div class="stack">
      {overview.closedFile && (
        <MendTelemetry
          file={overview.closedFile}
          files={overview.files}
          timeZone={timeZone}
          {...(mendError ? { error: mendError } : {})}
        />
      )}
      <div hx-sse:connect="/system/backups/events" hx-swap="innerMorph" hx-target="this" class="stack">
        <BackupsBody overview={overview} timeZone={timeZone} />
      </div>
      <BackupSettingsCard form={form} hasPassphrase={overview.settings.hasPassphrase} />
      <Card
        title="A backup from elsewhere"
        lead="It comes into the list above; nothing is changed until you restore it."
      >
        <UploadForm action="/system/backups/upload" button="Upload" />
      </Card>
    </div>
  );
}

/** What changes while one looks. */
export function BackupsBody({ overview, timeZone }: { overview: BackupOverview; timeZone: string }) {
  return (
    <>
      {overview.restoring && <Restoring activity={overview.restoring} />}
      <Card title="Backups" lead={lead(overview, timeZone)} actions={<MakeNow overview={overview} />}>
        {overview.making && <Progress label={overview.making.text} share={overview.making.share} />}
        {overview.outcome.failure && (
          <Notice kind="problem" title="The last backup was not made">
            <p>{overview.outcome.failure}</p>
          </Notice>
        )}
        {overview.folderProblem && <Notice kind="problem">{overview.folderProblem}</Notice>}
        <Files files={overview.files} timeZone={timeZone} />
      </Card>
      {overview.replaced.length > 0 && <Replaced overview={overview} />}
    </>
  );
}

/** A restore that is being prepared: what it does, and what will happen. */
export function Restoring({ activity }: { activity: Activity }) {
  if (activity.failure !== null)
    return (
      <Notice kind="problem" title="The restore was not carried out. Nothing was changed.">
        <p>{activity.failure}</p>
      </Notice>
    );
  const { progress } = activity;
  const share = progress?.total ? progress.done / progress.total : null;
  return (
    <Card title="Restoring" lead="Ampra starts anew when it is ready. Then everybody signs in again.">
      <Progress label={progress ? progressWords(progress) : activity.what} share={share} />
    </Card>
  );
}

function lead({ outcome, settings }: BackupOverview, timeZone: string): string {
  const often = { off: 'None is made by itself', daily: 'One is made each night', weekly: 'One is made each week' };
  const last =
    outcome.lastGoodAt === null
      ? 'there is none yet'
      : `the last on ${formatDate(outcome.lastGoodAt, timeZone, 'dateTime')}`;
  return `${often[settings.schedule]}; ${last}. Each holds everything: accounts, keys, readings. Keep them as you keep a key.`;
}

function MakeNow({ overview }: { overview: BackupOverview }) {
  return (
    <Form action="/system/backups" class="inline-form">
      <Button kind="primary" disabled={overview.making !== null}>
        Back up now
      </Button>
    </Form>
  );
}

function Files({ files, timeZone }: { files: readonly BackupFile[]; timeZone: string }) {
  return (
    <Table
      caption="Backups, newest first"
      columns={[
        { label: 'Made', isHeader: true, cell: (f) => formatDate(f.createdAt, timeZone, 'dateTime') },
        { label: 'Size', isNumber: true, cell: (f) => formatBytes(f.bytes) },
        { label: 'Holds', cell: holdsWords },
        { label: 'Checked', cell: (f) => <Badge kind={f.facts ? 'ok' : 'waiting'}>{checkedWords(f)}</Badge> },
        { label: 'Under a passphrase', cell: (f) => (f.isSealed ? 'yes' : 'no'), isMinor: true },
        { label: '', cell: (f) => <Actions file={f} /> },
      ]}
      rows={files}
      empty={
        <EmptyState title="No backups yet">
          A memory card lasts some years. Back up now, and choose a USB stick or another disk below.
        </EmptyState>
      }
    />
  );
}

function Actions({ file }: { file: BackupFile }) {
  const path = `/system/backups/${file.place}/${file.name}`;
  return (
    <ButtonRow>
      <LinkButton href={`${path}/file`} small download>
        Download
      </LinkButton>
      <LinkButton href={path} small>
        Restore ...
      </LinkButton>
    </ButtonRow>
  );
}

function Replaced({ overview }: { overview: BackupOverview }) {
  return (
    <Card
      title="What restores replaced"
      lead="It was moved aside, not deleted. Remove it once all is well; it takes room on the disk."
    >
      <Table
        caption="Folders with what was replaced"
        columns={[
          { label: 'Folder', isHeader: true, cell: (f) => <span class="mono">{f.name}</span> },
          { label: 'Size', isNumber: true, cell: (f) => formatBytes(f.bytes) },
          {
            label: '',
            cell: (f) => (
              <Form action={`/system/replaced/${f.name}/remove`} class="inline-form">
                <Button small kind="danger">
                  Remove
                </Button>
              </Form>
            ),
          },
        ]}
        rows={overview.replaced}
      />
    </Card>
  );
}
