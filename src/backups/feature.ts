import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplianceSettings, AuditLog, SiteReader } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Result } from '../core/result.ts';
import type { Feature } from '../platform/feature.ts';
import type { JobRunner } from '../platform/jobs.ts';
import type { KeyVault } from '../sources/ports.ts';
import type { KeptCopies } from '../telemetry/storage/storage.ts';
import type { TelemetryFile } from '../telemetry/store/telemetry-file.ts';
import type { WebRoutes } from '../web/routes.ts';
import { addBackupPages, backupsTopic } from './backups.web.tsx';
import { FsBackupFolder, removeReplaced, replacedFolders } from './folder.fs.ts';
import type { Stores } from './make-backup.fs.ts';
import { BACKUPS } from './manifest.ts';
import { copiesOnDisk } from './overview.ts';
import { BackupService } from './service.ts';
import { addSetUpRestore, type SetUpRestoreDeps } from './set-up-restore.web.tsx';
import { FsUploads } from './uploads.fs.ts';
import { LocalBackupWorks } from './works.fs.ts';

export interface BackupsFeatureDeps {
  dataDir: string;
  clock: Clock;
  log: Log;
  jobs: JobRunner;
  settings: ApplianceSettings;
  audit: AuditLog;
  site: SiteReader;
  vault: KeyVault;
  stores(): Stores;
  setUp: SetUpRestoreDeps['setUp'];
  confirmPassword(viewer: Viewer, password: string): Promise<Result<void>>;
  closedFile(): TelemetryFile | null;
  restart(): void;
  /** Largest body of a request. */
  maxBodyBytes: number;
}

/** The secret is bound to what it is for. */
const SEALED_FOR = 'backup passphrase';
const MOST_PIECE_BYTES = 4 * 1024 * 1024;

/** Builds backups: made by the clock or when asked, kept in a folder, put back from a page. */
export function createBackups(deps: BackupsFeatureDeps) {
  const { dataDir, clock, vault, jobs } = deps;
  const log = deps.log.for('backups');
  const uploads = new FsUploads(dataDir);
  let tellPages: () => void = () => undefined;
  const service = new BackupService({
    ...{ settings: deps.settings, audit: deps.audit, jobs, clock, log },
    works: new LocalBackupWorks({
      ...{ dataDir, stores: deps.stores, now: () => clock.now() },
      note: (text) => log.warn(text),
    }),
    here: new FsBackupFolder({ path: join(dataDir, BACKUPS), place: 'here', device: null }),
    folderAt: (path, device) => new FsBackupFolder({ path, place: 'chosen', device }),
    deviceOf: (path) => statSync(path, { throwIfNoEntry: false })?.dev ?? null,
    seal: (secret) => Buffer.from(vault.seal(SEALED_FOR, secret)).toString('hex'),
    open: (sealed) => vault.open(SEALED_FOR, Buffer.from(sealed, 'hex')),
    replaced: { list: () => replacedFolders(dataDir), remove: (name) => removeReplaced(dataDir, name) },
    confirmPassword: deps.confirmPassword,
    closedFile: deps.closedFile,
    restart: deps.restart,
    onChange: () => tellPages(),
  });
  jobs.define(service.job());

  const feature: Feature<WebRoutes> = {
    name: 'backups',
    routes(web) {
      const pieceBytes = Math.min(MOST_PIECE_BYTES, Math.floor(deps.maxBodyBytes / 2));
      const timeZone = () => deps.site.site()?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
      addBackupPages(web, { service, uploads, pieceBytes, timeZone });
      addSetUpRestore(web, { service, uploads, pieceBytes, setUp: deps.setUp });
      tellPages = () => web.events.publish(backupsTopic);
    },
    async start() {
      mkdirSync(join(dataDir, BACKUPS), { recursive: true, mode: 0o700 });
    },
    async stop() {
      uploads.drop();
    },
  };

  /** Backups that share the disk with the data. */
  function copies(): KeptCopies {
    const overview = service.overview();
    const own = statSync(dataDir, { throwIfNoEntry: false })?.dev ?? null;
    return copiesOnDisk(overview, overview.settings.folder !== '' && overview.settings.device === own);
  }

  return { ...feature, service, stores: deps.stores, copies };
}
