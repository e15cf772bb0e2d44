import type { Context } from 'hono';
import { SetUpRestorePage, SetUpRestoreProgress } from '../../views/backups/set-up-restore.tsx';
import { isLocalRequest } from '../accounts/local-request.ts';
import { type Result, refuse } from '../core/result.ts';
import { renderFragment, renderPage } from '../web/page.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import { fieldsIn } from './backups.web.tsx';
import type { UploadStore } from './ports.ts';
import type { BackupService } from './service.ts';
import { addUploadRoutes } from './upload.web.ts';

type Ctx = Context<AppEnv>;

export interface SetUpRestoreDeps {
  service: BackupService;
  uploads: UploadStore;
  pieceBytes: number;
  setUp: {
    /** True while nobody looks after this Ampra. */
    isOpen(): boolean;
    /** Refuses a wrong set-up code, and everybody once the set-up is over. */
    mayRestore(typed: { code: string }, visitor: { address: string; isLocal: boolean }): Result<void>;
  };
}

/** The first visit of somebody who has a backup; open for as long as the set-up is. */
export function addSetUpRestore(web: WebRoutes, deps: SetUpRestoreDeps): void {
  const { service, setUp } = deps;
  web.page('get', '/setup/restore', 'public', (c) => {
    if (!setUp.isOpen()) return c.redirect('/', 303);
    return renderPage(
      c,
      {
        ...{ title: 'Welcome back', width: 'bare', scripts: ['backups.js'], styles: ['accounts.css'] },
        lead: 'Put a backup in place, and this Ampra goes on where the other one was.',
      },
      <SetUpRestorePage asksCode={!isLocal(c)} activity={service.restoring()} />,
    );
  });
  web.page('get', '/setup/restore/progress', 'public', (c) => {
    if (!setUp.isOpen()) {
      c.header('HX-Redirect', '/');
      return c.body(null, 204);
    }
    return renderFragment(c, <SetUpRestoreProgress activity={service.restoring()} />);
  });
  addUploadRoutes(web, {
    ...{ path: '/setup/restore/upload', access: 'public', uploads: deps.uploads, pieceBytes: deps.pieceBytes },
    async allow(c) {
      const { code } = await fieldsIn(c, 'code');
      // Another upload would take the place of the file that is being read.
      if (service.isBusy()) return refuse('conflict', 'A restore is being prepared already.');
      return setUp.mayRestore({ code }, { address: c.var.clientAddress, isLocal: isLocal(c) });
    },
    async onEnd(c, upload) {
      const { passphrase } = await fieldsIn(c, 'passphrase');
      service.restoreFile(upload.path, { passphrase: passphrase || undefined, only: undefined });
      return { ok: true, value: '/setup/restore' };
    },
  });
}

/** No code is asked from this machine itself; a proxy or another name in `Host` makes it a stranger. */
function isLocal(c: Ctx): boolean {
  const isForwarded = ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via'].some((name) => c.req.header(name));
  return isLocalRequest({ address: c.var.clientAddress, host: c.req.header('Host') ?? '', isForwarded });
}
