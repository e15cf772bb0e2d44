import type { Activity } from '../../src/backups/overview.ts';
import { Field, LinkButton } from '../parts/index.ts';
import { Restoring } from './backups.tsx';
import { UploadForm } from './upload.tsx';

export interface SetUpRestorePageProps {
  asksCode: boolean;
  activity: Activity | null;
}

/** The first visit of somebody who has a backup. */
export function SetUpRestorePage({ asksCode, activity }: SetUpRestorePageProps) {
  return (
    <div class="stack">
      <SetUpRestoreProgress activity={activity} />
      <UploadForm action="/setup/restore/upload" button="Restore this backup" isMain>
        {asksCode && (
          <Field
            name="code"
            label="Set-up code"
            autocomplete="off"
            spellcheck={false}
            maxlength={20}
            size="short"
            required
            hint="Ampra printed it when it started. It keeps neighbours from claiming your house."
          />
        )}
        <Field
          name="passphrase"
          label="Passphrase of the backup"
          type="password"
          autocomplete="off"
          hint="Only for a backup that is under one."
        />
      </UploadForm>
      <p>
        <LinkButton href="/setup" kind="quiet">
          Begin without a backup
        </LinkButton>
      </p>
    </div>
  );
}

/** Asked for again and again while a restore is prepared: there is nobody signed in whom an event stream could follow. */
export function SetUpRestoreProgress({ activity }: { activity: Activity | null }) {
  const isGoing = activity !== null && activity.failure === null;
  return (
    <div
      id="restore-progress"
      {...(isGoing ? { 'hx-get': '/setup/restore/progress', 'hx-trigger': 'every 1s', 'hx-swap': 'outerHTML' } : {})}
    >
      {activity && <Restoring activity={activity} />}
    </div>
  );
}
