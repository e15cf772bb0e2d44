import { join } from 'node:path';
import { inPairs, isSameText, newReadableCode, typedCode } from './accounts/codes.ts';
import { isLocalRequest } from './accounts/local-request.ts';
import { FsBackupFolder } from './backups/folder.fs.ts';
import { BACKUPS } from './backups/manifest.ts';
import { LocalBackupWorks } from './backups/works.fs.ts';
import { formatBytes } from './core/bytes.ts';
import type { Clock } from './core/clock.ts';
import { minutes } from './core/durations.ts';
import type { Log } from './core/log.ts';
import { AmpraError } from './core/result.ts';
import { escapeHtml } from './platform/fallback-pages.ts';

export interface RescueDeps {
  dataDir: string;
  clock: Clock;
  log: Log;
  restart(): void;
}

/** Path of the form on the page that says that the accounts are broken. */
const PATH = '/rescue';
const MOST_GUESSES = 5;
const GUESSES_EVERY_MS = minutes(1);

/**
 * While the relational database is damaged nobody can sign in, so its newest good backup is offered on the only page
 * there is, to whoever sits at the machine or knows the code that the start printed. Accounts, sources and settings alone
 * are put back; the measurements stay.
 */
export class Rescue {
  private readonly rawCode = newReadableCode(8);
  private readonly works: LocalBackupWorks;
  private guesses: number[] = [];
  private state: 'idle' | 'preparing' | 'failed' = 'idle';
  private said = '';

  constructor(private readonly deps: RescueDeps) {
    const { dataDir, clock, log } = deps;
    this.works = new LocalBackupWorks({
      dataDir,
      stores: null,
      now: () => clock.now(),
      note: (text) => log.warn(text),
    });
  }

  /** To be printed at the start; null when there is nothing to offer. */
  code(): string | null {
    return this.newest() ? inPairs(this.rawCode) : null;
  }

  /** What the page says and offers. */
  offer(request: Request, peer: string): string {
    if (this.state === 'preparing')
      return '<p role="status"><b>The backup is being checked and put back.</b> This takes a moment.</p>';
    const newest = this.newest();
    const trouble = this.said ? `<p role="alert"><b>${escapeHtml(this.said)}</b></p>` : '';
    if (!newest) return trouble;
    const made = `${new Date(newest.createdAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    const code = isLocal(request, peer)
      ? ''
      : '<p><label>Code that the start printed<br><input name="code" required autocomplete="off"></label></p>';
    const passphrase = newest.isSealed
      ? '<p><label>Passphrase of the backup<br><input name="passphrase" type="password" required autocomplete="off"></label></p>'
      : '';
    return `${trouble}<h2>Put the backup back</h2><p>The newest is of ${made} (${formatBytes(newest.bytes)}). Accounts, sources and settings
become those of that moment; the measurements stay. The damaged file is moved aside.</p>
<form method="post" action="${PATH}">${code}${passphrase}<p><button>Put it back</button></p></form>`;
  }

  /** True while the page should look again by itself. */
  isBusy(): boolean {
    return this.state === 'preparing';
  }

  /** Takes the form; null for every other request. */
  async take(request: Request, peer: string): Promise<Response | null> {
    if (request.method !== 'POST' || new URL(request.url).pathname !== PATH) return null;
    const form = new URLSearchParams((await request.text()).slice(0, 4000));
    this.said = this.refusal(request, peer, form.get('code') ?? '') ?? '';
    if (this.said === '' && this.state !== 'preparing') this.begin(form.get('passphrase') ?? '');
    return new Response(null, { status: 303, headers: { location: '/' } });
  }

  private refusal(request: Request, peer: string, code: string): string | null {
    if (!isFromHere(request)) return 'This form came from another site, so it was not carried out.';
    if (isLocal(request, peer)) return null;
    const now = performance.now();
    this.guesses = this.guesses.filter((at) => now - at < GUESSES_EVERY_MS);
    if (this.guesses.length >= MOST_GUESSES) return 'Too many tries. Wait a minute.';
    this.guesses.push(now);
    return isSameText(this.rawCode, typedCode(code))
      ? null
      : 'This is not the code. It stands in the log of this start.';
  }

  private begin(passphrase: string): void {
    const newest = this.newest();
    const file = newest && this.folder().pathOf(newest.name);
    if (!file) return;
    this.state = 'preparing';
    this.deps.log.warn('accounts and settings are put back from a backup', { backup: newest.name });
    const options = { passphrase: passphrase || undefined, only: 'ampra.db', progress: () => undefined };
    this.works.prepare(file, options).then(
      () => this.deps.restart(),
      (error: unknown) => {
        this.state = 'failed';
        this.said = error instanceof AmpraError ? error.refusal.message : String(error);
        this.deps.log.error('the backup could not be put back', { error });
      },
    );
  }

  /** The newest that was restored on trial, else the newest. */
  private newest() {
    const files = this.folder().list();
    return files.find((file) => file.facts?.isOpened) ?? files[0];
  }

  private folder(): FsBackupFolder {
    return new FsBackupFolder({ path: join(this.deps.dataDir, BACKUPS), place: 'here', device: null });
  }
}

function isLocal(request: Request, address: string): boolean {
  const isForwarded = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'].some((name) => request.headers.get(name));
  return isLocalRequest({ address, host: request.headers.get('host') ?? '', isForwarded });
}

/** A page elsewhere must not send this form with a visitor's address. */
function isFromHere(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site && site !== 'same-origin' && site !== 'none') return false;
  const origin = request.headers.get('origin');
  return origin === null || (URL.canParse(origin) && new URL(origin).host === request.headers.get('host'));
}
