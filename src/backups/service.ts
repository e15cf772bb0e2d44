import type { ApplianceSettings, AuditLog } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import { type Clock, isClockSet } from '../core/clock.ts';
import type { JobContext, JobDefinition, JobQueue } from '../core/jobs.ts';
import type { Log } from '../core/log.ts';
import type { Progress } from '../core/progress.ts';
import { AmpraError, ok, type Result, refuse } from '../core/result.ts';
import type { TelemetryFile } from '../telemetry/store/telemetry-file.ts';
import { BackupMaker } from './making-service.ts';
import { type BackupManifest, backupName } from './manifest.ts';
import type { Activity, BackupOverview, Outcome } from './overview.ts';
import type { BackupFile, BackupFolder, BackupWorks, Place, ReplacedFolder } from './ports.ts';
import { type BackupSettings, defaultSettings, isDue, type SettingsTyped, settingsProblems } from './settings.ts';

export interface BackupServiceDeps {
  settings: ApplianceSettings;
  audit: AuditLog;
  jobs: Pick<JobQueue, 'define' | 'enqueue' | 'list'>;
  works: BackupWorks;
  clock: Clock;
  log: Log;
  /** The data directory's own folder of backups. */
  here: BackupFolder;
  /** Another folder, on the file system that it was chosen on. */
  folderAt(path: string, device: number | null): BackupFolder;
  /** Id of the file system of a folder; null when there is none. */
  deviceOf(path: string): number | null;
  seal(secret: string): string;
  open(sealed: string): string | undefined;
  replaced: { list(): ReplacedFolder[]; remove(name: string): boolean };
  confirmPassword(viewer: Viewer, password: string): Promise<Result<void>>;
  /** The file for which telemetry could not be opened; null while it is open. */
  closedFile(): TelemetryFile | null;
  /** Stops the appliance in order and starts it again. */
  restart(): void;
  /** Called when something changed that an open page shows. */
  onChange(): void;
}

const JOB = 'backup.make';
const SETTINGS = 'backups';
const OUTCOME = 'backups.outcome';

/** Backups as their owner deals with them: when, where, how many, and back again. */
export class BackupService {
  private activity: Activity | null = null;
  private readonly maker: BackupMaker;

  constructor(private readonly deps: BackupServiceDeps) {
    this.maker = new BackupMaker(deps);
  }

  job(): JobDefinition {
    return {
      kind: JOB,
      title: 'Back everything up',
      cron: '40 2 * * *',
      // A failure is said on the page; the next night is soon enough.
      maxAttempts: 1,
      run: (context) => this.run(context),
    };
  }

  overview(): BackupOverview {
    const { passphrase, ...settings } = this.settings();
    const running = this.deps.jobs.list({ limit: 20 }).find((j) => j.kind === JOB && j.state === 'running');
    const waiting = this.deps.jobs.list({ state: 'queued', limit: 20 }).some((j) => j.kind === JOB);
    return {
      settings: { ...settings, hasPassphrase: passphrase !== null },
      files: this.files(),
      folderProblem: this.folder().problem(),
      outcome: this.outcome(),
      making: running
        ? { share: running.progress, text: running.progressText ?? 'Beginning' }
        : waiting
          ? { share: null, text: 'It begins in a moment' }
          : null,
      restoring: this.activity,
      replaced: this.deps.replaced.list(),
      closedFile: this.deps.closedFile(),
    };
  }

  saveSettings(viewer: Viewer, typed: SettingsTyped, address: string): Result<void> {
    const folder = typed.folder.trim().replace(/(.)\/+$/, '$1');
    const fields = settingsProblems({ ...typed, folder });
    const device = folder === '' ? null : this.deps.deviceOf(folder);
    const problem = folder === '' ? null : this.deps.folderAt(folder, device).problem();
    if (problem) fields.push({ field: 'folder', message: problem });
    const [first] = fields;
    if (first) return refuse('invalid', first.message, { field: first.field, fields });
    const before = this.settings();
    const passphrase = typed.dropsPassphrase ? null : typed.passphrase ? this.deps.seal(typed.passphrase) : undefined;
    const settings: BackupSettings = {
      schedule: typed.schedule as BackupSettings['schedule'],
      ...{ keep: Number(typed.keep), folder, device },
      passphrase: passphrase === undefined ? before.passphrase : passphrase,
    };
    this.deps.settings.set(SETTINGS, settings, this.deps.clock.now());
    this.deps.audit.record({ actor: viewer, address, action: 'backup.settings' });
    return ok(undefined);
  }

  makeNow(viewer: Viewer, address: string): void {
    this.deps.jobs.enqueue(JOB, { payload: { asked: true }, dedupeKey: `${JOB}.asked` });
    this.deps.audit.record({ actor: viewer, address, action: 'backup.asked' });
  }

  /** A backup of the list; undefined when there is none of that name. */
  file(place: string, name: string): BackupFile | undefined {
    return this.find(place, name)?.file;
  }

  /** The bytes of a backup; undefined when there is none of that name. */
  download(viewer: Viewer, place: string, name: string, address: string) {
    const found = this.find(place, name);
    const stream = found?.folder.stream(name);
    if (!found || !stream) return undefined;
    this.deps.audit.record({ actor: viewer, address, action: 'backup.downloaded', detail: name });
    return { stream, bytes: found.file.bytes };
  }

  remove(viewer: Viewer, place: string, name: string, address: string): Result<void> {
    const found = this.find(place, name);
    if (!found) return missing();
    found.folder.remove(name);
    this.deps.audit.record({ actor: viewer, address, action: 'backup.removed', detail: name });
    return ok(undefined);
  }

  removeReplaced(viewer: Viewer, name: string, address: string): Result<void> {
    if (!this.deps.replaced.remove(name)) return refuse('not_found', 'There is no such folder any more.');
    this.deps.audit.record({ actor: viewer, address, action: 'backup.replacedRemoved', detail: name });
    return ok(undefined);
  }

  /** Takes a file that came over the web into the list. */
  async takeUpload(viewer: Viewer, upload: { path: string; isSealed: boolean }, address: string): Promise<string> {
    const { here, clock, audit } = this.deps;
    const name = backupName(clock.now(), upload.isSealed).replace('ampra-', 'uploaded-');
    here.adopt(upload.path, name);
    audit.record({ actor: viewer, address, action: 'backup.uploaded', detail: name });
    return name;
  }

  /**
   * Prepares a restore, which takes a while and is followed on the page, and restarts into it. `only` restores one
   * database. Refuses at once what can be known at once.
   */
  async restore(
    viewer: Viewer,
    wish: { place: string; name: string; password: string; passphrase: string; only: string | undefined },
    address: string,
  ): Promise<Result<void>> {
    const found = this.find(wish.place, wish.name);
    if (!found) return missing();
    if (this.isBusy()) return busy();
    const confirmed = await this.deps.confirmPassword(viewer, wish.password);
    if (!confirmed.ok) return confirmed;
    // Somebody else's may have begun meanwhile, and both would unpack into one folder.
    if (this.isBusy()) return busy();
    const passphrase = wish.passphrase || this.storedPassphrase();
    if (found.file.isSealed && !passphrase)
      return refuse('invalid', 'This backup is under a passphrase.', { field: 'passphrase' });
    this.deps.audit.record({ actor: viewer, address, action: 'backup.restored', detail: wish.name });
    this.begin(`Preparing the backup ${wish.name}`, (progress) =>
      this.deps.works.prepare(found.path, {
        passphrase: found.file.isSealed ? passphrase : undefined,
        only: wish.only,
        progress,
      }),
    );
    return ok(undefined);
  }

  /** The same for a file that nobody can be asked about: the first visit, and a broken relational database. */
  restoreFile(file: string, options: { passphrase: string | undefined; only: string | undefined }): void {
    if (this.isBusy()) throw new AmpraError({ code: 'conflict', message: 'A restore is being prepared already.' });
    this.begin('Preparing the backup', (progress) => this.deps.works.prepare(file, { ...options, progress }));
  }

  /** Begins a new file of telemetry in the place of the damaged one; the journal fills the database with what it still has. */
  async beginTelemetryAnew(viewer: Viewer, password: string, address: string): Promise<Result<void>> {
    const file = this.deps.closedFile();
    if (file === null) return refuse('conflict', 'The measurement store is open and well.');
    const confirmed = await this.deps.confirmPassword(viewer, password);
    if (!confirmed.ok) return confirmed;
    if (this.isBusy()) return busy();
    this.deps.audit.record({ actor: viewer, address, action: 'backup.telemetryAnew' });
    this.deps.works.prepareNewTelemetry(file);
    this.deps.restart();
    return ok(undefined);
  }

  restoring(): Activity | null {
    return this.activity;
  }

  /** While a restore is being prepared no other may begin. */
  isBusy(): boolean {
    return this.activity !== null && this.activity.failure === null;
  }

  private begin(what: string, prepare: (progress: (p: Progress) => void) => Promise<BackupManifest>): void {
    const activity: Activity = { what, progress: null, failure: null };
    this.activity = activity;
    const progress = (p: Progress) => {
      activity.progress = p;
      this.deps.onChange();
    };
    prepare(progress).then(
      () => this.deps.restart(),
      (error: unknown) => {
        activity.failure = sentence(error);
        this.deps.log.error('a restore could not be prepared; nothing was changed', { error });
        this.deps.onChange();
      },
    );
  }

  private async run({ job, signal, progress }: JobContext): Promise<void> {
    const { clock } = this.deps;
    const isAsked = (job.payload as { asked?: boolean } | null)?.asked === true;
    const settings = this.settings();
    // Without the time a backup would have the name of an old one.
    if (!isAsked && !isClockSet(clock)) return;
    if (!isAsked && !isDue(settings.schedule, this.outcome().lastGoodAt, clock.now())) return;
    try {
      const passphrase = settings.passphrase === null ? undefined : this.storedPassphrase();
      if (settings.passphrase !== null && passphrase === undefined)
        throw new AmpraError({
          code: 'unavailable',
          message: 'The passphrase for backups cannot be read: set it again.',
        });
      await this.maker.make({ folder: this.folder(), keep: settings.keep, passphrase, signal, tell: progress });
      this.note({ lastGoodAt: clock.now(), failedAt: null, failure: null });
    } catch (error) {
      if (signal.aborted) throw error;
      this.note({ ...this.outcome(), failedAt: clock.now(), failure: sentence(error) });
      throw error;
    } finally {
      this.deps.onChange();
    }
  }

  private files(): BackupFile[] {
    const chosen = this.settings().folder === '' ? [] : this.folder().list();
    return [...this.deps.here.list(), ...chosen].sort((a, b) => b.createdAt - a.createdAt);
  }

  private find(place: string, name: string): { file: BackupFile; folder: BackupFolder; path: string } | undefined {
    const folder = place === 'here' ? this.deps.here : place === 'chosen' ? this.folder() : null;
    const file = folder?.list().find((one) => one.name === name && one.place === (place as Place));
    const path = folder?.pathOf(name);
    return folder && file && path ? { file, folder, path } : undefined;
  }

  private folder(): BackupFolder {
    const { folder, device } = this.settings();
    return folder === '' ? this.deps.here : this.deps.folderAt(folder, device);
  }

  private settings(): BackupSettings {
    const stored = this.deps.settings.get(SETTINGS)?.value as Partial<BackupSettings> | undefined;
    return { ...defaultSettings, ...stored };
  }

  private storedPassphrase(): string | undefined {
    const { passphrase } = this.settings();
    return passphrase === null ? undefined : this.deps.open(passphrase);
  }

  private outcome(): Outcome {
    const stored = this.deps.settings.get(OUTCOME)?.value as Partial<Outcome> | undefined;
    return { lastGoodAt: null, failedAt: null, failure: null, ...stored };
  }

  private note(outcome: Outcome): void {
    this.deps.settings.set(OUTCOME, outcome, this.deps.clock.now());
  }
}

function busy(): Result<never> {
  return refuse('conflict', 'A restore is being prepared already.');
}

function missing(): Result<never> {
  return refuse('not_found', 'There is no such backup any more.');
}

function sentence(error: unknown): string {
  if (error instanceof AmpraError) {
    const { message, hint } = error.refusal;
    return hint ? `${message} ${hint}` : message;
  }
  return error instanceof Error ? error.message : String(error);
}
