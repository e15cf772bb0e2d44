import type { Context } from 'hono';
import { differences } from '../../views/parts/index.ts';
import { GroupForm, type GroupFormProps } from '../../views/sources/group-form.tsx';
import type { Refusal } from '../core/result.ts';
import { idOf, viewerOf } from '../web/asking.ts';
import { flash } from '../web/cookies.ts';
import { refusalPage, refusalStatus } from '../web/errors.tsx';
import { renderPage } from '../web/page.tsx';
import type { AppEnv, WebRoutes } from '../web/routes.ts';
import { fieldErrors, type PostedForm, readForm } from './form-values.web.tsx';
import { keepMembers, membersOf } from './group-members.web.tsx';
import type { PowerGroup } from './source.ts';
import { upToSources } from './source-page.ts';
import { logoUrl } from './source-schemas.web.tsx';
import { picture } from './sources.web.tsx';
import type { SourcesWebDeps } from './web-context.web.tsx';

const words = { name: 'Name', description: 'Description' };
type Values = GroupFormProps['values'];

/** Pages of groups; they are listed with the sources. */
export function addGroupPages(web: WebRoutes, deps: SourcesWebDeps): void {
  const { groups } = deps;
  web.page('get', '/groups/new', 'user', (c) => render(c, deps, null, { values: { name: '', description: '' } }));

  web.page('post', '/groups', 'user', async (c) => {
    const form = await readForm(c);
    const values = typed(form);
    const made = await groups.create(viewerOf(c), values, (await form.picture('logo')) ?? undefined);
    if (!made.ok) return render(c, deps, null, { values, form, error: made.error });
    const refused = await keepMembers(deps, viewerOf(c), made.value, form);
    return done(c, [`The group “${made.value.name}” is there.`, ...refused].join(' '));
  });

  web.page('get', '/groups/:id/edit', 'user', (c) => {
    const found = groups.findGroupFor(viewerOf(c), idOf(c));
    return found.ok ? render(c, deps, found.value, { values: found.value }) : refusalPage(c, found.error);
  });

  web.page('post', '/groups/:id', 'user', async (c) => {
    const form = await readForm(c);
    const values = typed(form);
    const options = { version: form.version, logo: await form.picture('logo') };
    const saved = await groups.update(viewerOf(c), idOf(c), values, options);
    if (saved.ok) {
      const refused = await keepMembers(deps, viewerOf(c), saved.value, form);
      return done(c, [`“${saved.value.name}” is saved.`, ...refused].join(' '));
    }
    const now = groups.findGroupFor(viewerOf(c), idOf(c));
    if (!now.ok) return refusalPage(c, now.error);
    const version = saved.error.code === 'stale' ? now.value.version : (form.version ?? now.value.version);
    return render(c, deps, { ...now.value, version }, { values, form, error: saved.error });
  });

  web.page('post', '/groups/:id/delete', 'user', async (c) => {
    const removed = await groups.remove(viewerOf(c), idOf(c));
    if (!removed.ok) return refusalPage(c, removed.error);
    return done(c, `The group “${removed.value.name}” is gone. Its sources stand on their own.`);
  });

  web.page('get', '/groups/:id/logo', 'user', async (c) => picture(c, await groups.logo(viewerOf(c), idOf(c))));
}

function typed(form: PostedForm): Values {
  return { name: form.text('name'), description: form.text('description') };
}

function done(c: Context<AppEnv>, text: string): Response {
  flash(c, { kind: 'done', text });
  return c.redirect('/sources', 303);
}

interface Filled {
  values: Values;
  /** What was posted, and why it was refused. */
  form?: PostedForm;
  error?: Refusal;
}

function render(c: Context<AppEnv>, deps: SourcesWebDeps, group: PowerGroup | null, { values, form, error }: Filled) {
  const viewer = viewerOf(c);
  const title = group ? `Edit ${group.name}` : 'New group';
  const status = error ? refusalStatus[error.code] : 200;
  return renderPage(
    c,
    { title, up: upToSources, active: 'sources', status, styles: ['sources.css'] },
    <GroupForm
      action={group ? `/groups/${group.id}` : '/groups'}
      values={{ name: values.name, description: values.description }}
      errors={error ? fieldErrors(error, words) : {}}
      problem={error ? problemOf(error, values, group) : null}
      members={membersOf(deps, viewer, group ?? { id: null, ownerId: viewer.userId }, form)}
      version={group?.version ?? null}
      logoUrl={group ? logoUrl(group) : null}
      deleteAction={group ? `/groups/${group.id}/delete` : null}
    />,
  );
}

function problemOf(error: Refusal, values: Values, now: PowerGroup | null): GroupFormProps['problem'] {
  if (error.code === 'stale' && now)
    return { message: error.message, differences: differences(words, { ...now }, values) };
  return error.field ? null : { message: error.message, hint: error.hint };
}
