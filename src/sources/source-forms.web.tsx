import type { Context } from 'hono';
import { SourceForm } from '../../views/sources/source-form.tsx';
import type { SourceFormValues } from '../../views/sources/source-form-props.ts';
import { timeZones } from '../accounts/site.ts';
import type { Refusal } from '../core/result.ts';
import { viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { refusalPage, refusalStatus } from '../web/errors.tsx';
import { renderPage } from '../web/page.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import {
  currencyOptions,
  fieldErrors,
  fieldWords,
  formProblem,
  newSourceValues,
  readForm,
  typedValues,
  valuesOf,
  wishOf,
} from './form-values.web.tsx';
import type { NewKeys } from './service.ts';
import type { Source } from './source.ts';
import { upToSource, upToSources } from './source-page.ts';
import { iconUrl } from './source-schemas.web.tsx';
import type { SourcesWebDeps } from './web-context.web.tsx';

type Answer = Response | Promise<Response>;

interface Draft {
  /** Null when it is being created. */
  source: Source | null;
  values: SourceFormValues;
  error?: Refusal;
}

/** Creating and editing a source. `toKeys` leads to the page that shows the keys of a new one. */
export function addSourceForms(
  web: WebRoutes,
  deps: SourcesWebDeps,
  toKeys: (c: Context<AppEnv>, keys: NewKeys) => Response,
): void {
  const { service, directory, groups } = deps;

  web.page('get', '/sources/new', 'user', (c) =>
    render(c, { source: null, values: newSourceValues(service.startFor(viewerOf(c))) }),
  );

  web.page('post', '/sources', 'user', async (c) => {
    const form = await readForm(c);
    const values = typedValues(form, newSourceValues(service.startFor(viewerOf(c))));
    const made = await service.create(viewerOf(c), wishOf(values), (await form.picture('icon')) ?? undefined);
    if (!made.ok) return render(c, { source: null, values, error: made.error });
    return toKeys(c, made.value);
  });

  web.page('get', '/sources/:id/edit', 'user', (c) => {
    const found = directory.findFor(viewerOf(c), c.req.param('id') ?? '');
    if (!found.ok) return refusalPage(c, found.error);
    return render(c, { source: found.value, values: valuesOf(found.value) });
  });

  web.page('post', '/sources/:id', 'user', async (c) => {
    const id = c.req.param('id') ?? '';
    const before = directory.findFor(viewerOf(c), id);
    if (!before.ok) return refusalPage(c, before.error);
    const form = await readForm(c);
    const values = typedValues(form, valuesOf(before.value));
    const options = { version: form.version, icon: await form.picture('icon') };
    const saved = await service.update(viewerOf(c), id, wishOf(values, before.value), options);
    if (!saved.ok) {
      const now = directory.findFor(viewerOf(c), id);
      // Not a stale edit: somebody deleted it meanwhile.
      if (!now.ok) return refusalPage(c, now.error);
      // Only a clash moves the form on to the version that its editor is now shown.
      const version = saved.error.code === 'stale' ? now.value.version : (form.version ?? now.value.version);
      return render(c, { source: { ...now.value, version }, values, error: saved.error });
    }
    flash(c, { kind: 'done', text: `“${saved.value.name}” is saved.` });
    return c.redirect(`/sources/${id}`, 303);
  });

  function render(c: Context<AppEnv>, { source, values, error }: Draft): Answer {
    const viewer = viewerOf(c);
    const title = source ? `Edit ${source.name}` : 'Add a source';
    const status = error ? refusalStatus[error.code] : 200;
    return renderPage(
      c,
      {
        ...{ title, up: source ? upToSource(source) : upToSources, active: 'sources', status },
        ...{ styles: ['sources.css'], scripts: ['place.js'] },
      },
      <SourceForm
        action={source ? `/sources/${source.id}` : '/sources'}
        back={source ? `/sources/${source.id}` : '/sources'}
        values={values}
        errors={error ? fieldErrors(error, fieldWords) : {}}
        problem={error ? formProblem(error, values, source ?? undefined) : null}
        groups={groups.groupsOf(source?.ownerId ?? viewer.userId)}
        timeZones={timeZones()}
        currencies={currencyOptions}
        version={source?.version ?? null}
        iconUrl={source ? iconUrl(source) : null}
      />,
    );
  }
}
