import type { Base } from './app-base.ts';
import type { Features } from './app-features.ts';
import { version } from './platform/runtime.ts';
import { createWeb, type Web } from './web/server.ts';

/** Builds the web app over the features' routes. */
export function buildWeb(base: Base, features: Features): Web {
  const { clock, config, dataDir, log, tls } = base;
  const web = createWeb({
    clock,
    log: log.for('web'),
    resolveViewer: features.accounts.resolveViewer,
    onboarding: features.accounts.onboarding,
    trustProxy: config.trustProxy,
    hasTls: tls !== null,
    authorityPem: tls?.authority ?? null,
    publicUrl: config.publicUrl,
    maxBodyBytes: config.maxBodyMb * 1024 * 1024,
    csrfSecret: dataDir.secret('forms.key'),
    version,
  });
  features.accounts.service.onChange((change) => web.recheck(change.userId));
  for (const feature of features.inOrder) feature.routes?.(web.routes);
  return web;
}
