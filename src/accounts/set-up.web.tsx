import { SetUpAccountPage } from '../../views/accounts/set-up-account.tsx';
import { SetUpSitePage, type SiteTyped } from '../../views/accounts/set-up-site.tsx';
import { FirstSourcePage, type FirstSourceTyped, SourceReadyPage } from '../../views/accounts/set-up-source.tsx';
import { withPlacePair } from '../core/place-pair.ts';
import type { Refusal } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { type DeviceOriginFacts, deviceOrigin } from '../web/device-origin.ts';
import { renderPage } from '../web/page.tsx';
import type { WebRoutes } from '../web/routes.ts';
import { type Ctx, formOf, statusOf, visitorOf } from './form.web.ts';
import { formErrors, noErrors } from './form-errors.ts';
import { isLocalRequest } from './local-request.ts';
import type { FirstSourceMade } from './ports.ts';
import type { AccountsService } from './service.ts';
import { beginSession } from './sign-in.web.tsx';
import { timeZones } from './site.ts';

const wizard = { width: 'bare', scripts: ['place.js', 'set-up.js'], styles: ['accounts.css'] } as const;

interface Typed {
  name: string;
  email: string;
  code: string;
}

/** Where devices reach this appliance. */
export interface SetUpConnection extends DeviceOriginFacts {
  mqttPort: number;
}

/** The first visit: account, place, first source. Each step goes on where the last one stopped, and never comes again. */
export function addSetUpRoutes(
  web: WebRoutes,
  service: AccountsService,
  options: { connection(): SetUpConnection },
): void {
  const { setUp } = service;

  web.page('get', '/setup', 'public', (c) => {
    const step = setUp.stepFor(c.var.viewer);
    if (step === 'account') return showAccount(c, { name: '', email: '', code: c.req.query('code') ?? '' });
    return c.redirect(step === 'done' ? '/' : `/setup/${step}`, 303);
  });

  web.page('post', '/setup', 'public', async (c) => {
    const typed = await formOf(c, 'name', 'email', 'password', 'code');
    const result = await setUp.claim(typed, { ...visitorOf(c), isLocal: isLocal(c) });
    if (!result.ok) return showAccount(c, typed, result.error);
    beginSession(c, result.value.session);
    return c.redirect('/setup/site', 303);
  });

  web.page('get', '/setup/site', 'overseer', (c) => {
    const step = setUp.stepFor(viewerOf(c));
    if (step !== 'site' && step !== 'source') return c.redirect('/', 303);
    const site = setUp.site();
    return showSite(c, siteTyped(site));
  });

  web.page('post', '/setup/site', 'overseer', async (c) => {
    if (setUp.stepFor(viewerOf(c)) === 'done') return c.redirect('/', 303);
    const typed = withPlacePair(await formOf(c, 'name', 'latitude', 'longitude', 'timeZone'));
    const result = setUp.saveSite(viewerOf(c), typed, c.var.clientAddress);
    return result.ok ? c.redirect('/setup/source', 303) : showSite(c, typed, result.error);
  });

  web.page('get', '/setup/source', 'overseer', (c) => {
    const step = setUp.stepFor(viewerOf(c));
    if (step !== 'source') return c.redirect(step === 'site' ? '/setup/site' : '/', 303);
    return showSource(c, { name: 'Inverter', connectionType: 'mqtt', installedCapacityW: '' });
  });

  web.page('post', '/setup/source', 'overseer', async (c) => {
    const typed = await formOf(c, 'name', 'connectionType', 'installedCapacityW');
    if (setUp.stepFor(viewerOf(c)) === 'done') return c.redirect('/', 303);
    const result = await setUp.addFirstSource(viewerOf(c), typed, c.var.clientAddress);
    return result.ok ? showReady(c, result.value, options.connection()) : showSource(c, typed, result.error);
  });

  web.page('post', '/setup/skip', 'overseer', (c) => {
    setUp.skip(viewerOf(c), c.var.clientAddress);
    flash(c, { kind: 'note', text: 'Everything is ready. Add a source when you are.' });
    return c.redirect('/', 303);
  });
}

/** No code is asked from this machine itself; a proxy or another name in `Host` makes it a stranger. */
function isLocal(c: Ctx): boolean {
  const isForwarded = ['X-Forwarded-For', 'Forwarded', 'X-Real-IP', 'Via'].some((name) => c.req.header(name));
  return isLocalRequest({ address: c.var.clientAddress, host: c.req.header('Host') ?? '', isForwarded });
}

function siteTyped(site: { name: string; latitude: number; longitude: number; timeZone: string } | null): SiteTyped {
  if (!site) return { name: 'Home', latitude: '', longitude: '', timeZone: '' };
  return { ...site, latitude: String(site.latitude), longitude: String(site.longitude) };
}

function showAccount(c: Ctx, typed: Typed, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const { name, email, code } = typed;
  const props = { name, email, code, errors, asksCode: !isLocal(c) };
  const lead = 'This Ampra is new. Make the account that looks after it.';
  return renderPage(c, { title: 'Welcome', lead, ...wizard, ...status }, <SetUpAccountPage {...props} />);
}

function showSite(c: Ctx, typed: SiteTyped, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const lead = 'The place gives sunrise and the forecast; the time zone says when a day begins.';
  return renderPage(
    c,
    { title: 'Where is it?', lead, ...wizard, ...status },
    <SetUpSitePage typed={typed} errors={errors} timeZones={timeZones()} />,
  );
}

function showSource(c: Ctx, typed: FirstSourceTyped, refusal?: Refusal) {
  const errors = refusal ? formErrors(refusal) : noErrors;
  const status = refusal ? { status: statusOf(c, refusal) } : {};
  const lead = 'A source is what reports: an inverter, a charge controller, a meter.';
  return renderPage(
    c,
    { title: 'Your first source', lead, ...wizard, ...status },
    <FirstSourcePage typed={typed} errors={errors} />,
  );
}

function showReady(c: Ctx, made: FirstSourceMade, connection: SetUpConnection) {
  const { origin } = deviceOrigin(c, connection);
  const webhookUrl = `${origin.origin}${made.webhookPath}`;
  const lead = 'Put these into your device. The secret is shown here once.';
  return renderPage(
    c,
    { title: `${made.name} is ready`, lead, ...wizard },
    <SourceReadyPage made={made} mqttHost={origin.hostname} mqttPort={connection.mqttPort} webhookUrl={webhookUrl} />,
  );
}
