import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { SystemTabs, systemTitle } from '../../views/admin/tabs.tsx';
import { BackupsBody, BackupsPage } from '../../views/backups/backups.tsx';
import { RestorePage } from '../../views/backups/restore.tsx';
import type { SettingsFormState } from '../../views/backups/settings.tsx';
import { type Refusal, unwrap } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { refusalStatus, refused } from '../web/errors.tsx';
import { renderPage } from '../web/page.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import type { BackupFile } from './backup-file.ts';
import { TELEMETRY } from './manifest.ts';
import type { UploadStore } from './ports.ts';
import type { BackupService } from './service.ts';
import { addUploadRoutes } from './upload.web.ts';

type Ctx = Context<AppEnv>;

export interface BackupPagesDeps {
  service: BackupService;
  uploads: UploadStore;
  pieceBytes: number;
  /** IANA zone in which times are written. */
  timeZone: () => string;
}

/** Open pages are told of changes under this topic. */
export const backupsTopic = 'backups';

/** Backups under /system, for Overseers: what lies in them is everybody's. */
export function addBackupPages(web: WebRoutes, deps: BackupPagesDeps): void {
  const { service } = deps;
  web.page('get', '/system/backups', 'overseer', (c) => showList(c, deps));
  web.page('get', '/system/backups/events', 'overseer', (c) =>
    web.events.stream(c, {
      topics: [backupsTopic],
      minIntervalMs: 500,
      render: () => <BackupsBody overview={service.overview()} timeZone={deps.timeZone()} />,
    }),
  );
  web.page('post', '/system/backups', 'overseer', (c) => {
    service.makeNow(viewerOf(c), c.var.clientAddress);
    return c.redirect('/system/backups', 303);
  });
  web.page('post', '/system/backups/settings', 'overseer', async (c) => {
    const typed = await fieldsIn(c, 'schedule', 'keep', 'folder', 'passphrase', 'dropsPassphrase');
    const wish = { ...typed, dropsPassphrase: typed.dropsPassphrase !== '' };
    const saved = service.saveSettings(viewerOf(c), wish, c.var.clientAddress);
    if (!saved.ok)
      return showList(c, deps, { form: formOf(typed, saved.error), status: refusalStatus[saved.error.code] });
    flash(c, { kind: 'done', text: 'Saved.' });
    return c.redirect('/system/backups', 303);
  });
  web.page('post', '/system/backups/anew', 'overseer', async (c) => {
    const { password } = await fieldsIn(c, 'password');
    const begun = await service.beginTelemetryAnew(viewerOf(c), password, c.var.clientAddress);
    if (!begun.ok)
      return showList(c, deps, { mendError: begun.error.message, status: refusalStatus[begun.error.code] });
    return c.redirect('/system/backups', 303);
  });
  web.page('post', '/system/replaced/:name/remove', 'overseer', (c) => {
    unwrap(service.removeReplaced(viewerOf(c), c.req.param('name') ?? '', c.var.clientAddress));
    flash(c, { kind: 'done', text: 'It is removed.' });
    return c.redirect('/system/backups', 303);
  });
  addUploadRoutes(web, {
    ...{ path: '/system/backups/upload', access: 'overseer', uploads: deps.uploads, pieceBytes: deps.pieceBytes },
    async onEnd(c, upload) {
      await service.takeUpload(viewerOf(c), upload, c.var.clientAddress);
      flash(c, { kind: 'done', text: 'It is in the list now. Nothing was changed yet.' });
      return { ok: true, value: '/system/backups' };
    },
  });
  addOneBackup(web, deps);
}

function addOneBackup(web: WebRoutes, deps: BackupPagesDeps): void {
  const { service } = deps;
  const named = (c: Ctx) => [c.req.param('place') ?? '', c.req.param('name') ?? ''] as const;
  web.page('get', '/system/backups/:place/:name', 'overseer', (c) => {
    const file = service.file(...named(c));
    return file ? showOne(c, deps, file) : refused(c, gone);
  });
  web.page('get', '/system/backups/:place/:name/file', 'overseer', (c) => {
    const [place, name] = named(c);
    const found = service.download(viewerOf(c), place, name, c.var.clientAddress);
    if (!found) return refused(c, gone);
    return c.body(found.stream, 200, {
      'content-type': 'application/octet-stream',
      'content-length': String(found.bytes),
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    });
  });
  web.page('post', '/system/backups/:place/:name/remove', 'overseer', (c) => {
    unwrap(service.remove(viewerOf(c), ...named(c), c.var.clientAddress));
    flash(c, { kind: 'done', text: 'The backup is removed.' });
    return c.redirect('/system/backups', 303);
  });
  web.page('post', '/system/backups/:place/:name/restore', 'overseer', async (c) => {
    const [place, name] = named(c);
    const { password, passphrase, what } = await fieldsIn(c, 'password', 'passphrase', 'what');
    const only = what === 'telemetry' ? TELEMETRY : undefined;
    const wish = { place, name, password, passphrase, only };
    const begun = await service.restore(viewerOf(c), wish, c.var.clientAddress);
    if (begun.ok) return c.redirect('/system/backups', 303);
    const file = service.file(place, name);
    return file ? showOne(c, deps, file, begun.error) : refused(c, begun.error);
  });
}

const gone: Refusal = { code: 'not_found', message: 'There is no such backup any more.' };

interface Shown {
  form?: SettingsFormState;
  mendError?: string;
  status?: ContentfulStatusCode;
}

function showList(c: Ctx, { service, timeZone }: BackupPagesDeps, shown: Shown = {}) {
  const overview = service.overview();
  const { schedule, keep, folder } = overview.settings;
  const form = shown.form ?? { values: { schedule, keep: String(keep), folder }, errors: {} };
  const status = shown.status === undefined ? {} : { status: shown.status };
  const page = { title: systemTitle('backups'), heading: 'System', active: 'system', width: 'wide' } as const;
  return renderPage(
    c,
    { ...page, scripts: ['backups.js'], ...status },
    <>
      <SystemTabs active="backups" />
      <BackupsPage overview={overview} timeZone={timeZone()} form={form} mendError={shown.mendError} />
    </>,
  );
}

function showOne(c: Ctx, { service, timeZone }: BackupPagesDeps, file: BackupFile, refusal?: Refusal) {
  const { hasPassphrase } = service.overview().settings;
  const errors = refusal?.field ? { [refusal.field]: refusal.message } : {};
  const problem = refusal && !refusal.field ? refusal.message : undefined;
  return renderPage(
    c,
    { title: 'Restore a backup', active: 'system', ...(refusal ? { status: refusalStatus[refusal.code] } : {}) },
    <RestorePage file={file} timeZone={timeZone()} hasPassphrase={hasPassphrase} errors={errors} problem={problem} />,
  );
}

function formOf(typed: { schedule: string; keep: string; folder: string }, refusal: Refusal): SettingsFormState {
  const { schedule, keep, folder } = typed;
  const fields = refusal.fields ?? (refusal.field ? [{ field: refusal.field, message: refusal.message }] : []);
  return {
    values: { schedule, keep, folder },
    errors: Object.fromEntries(fields.map(({ field, message }) => [field, message])),
    problem: fields.length === 0 ? refusal.message : undefined,
  };
}

/** Fields of a form as text; what is missing or a file is ''. */
export async function fieldsIn<Name extends string>(c: Ctx, ...names: Name[]): Promise<Record<Name, string>> {
  const body = await c.req.parseBody();
  const text = (name: Name) => {
    const value = body[name];
    return typeof value === 'string' ? value.slice(0, 4000) : '';
  };
  return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Name, string>;
}
