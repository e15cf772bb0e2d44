import type { Context } from 'hono';
import { CorrectionsPage } from '../../../views/corrections/corrections.tsx';
import { NewCorrection } from '../../../views/corrections/new.tsx';
import { UndoCorrection } from '../../../views/corrections/undo.tsx';
import { TelemetryTrouble } from '../../../views/telemetry/trouble.tsx';
import type { Viewer } from '../../accounts/viewer.ts';
import type { Clock } from '../../core/clock.ts';
import type { Refusal, Result } from '../../core/result.ts';
import type { SourceDirectory } from '../../sources/ports.ts';
import type { Source } from '../../sources/source.ts';
import { upToSource } from '../../sources/source-page.ts';
import { idOf, viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { refusalPage, refusalStatus } from '../../web/errors.tsx';
import { renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import type { KnownSources } from '../known-service.ts';
import { type CorrectionDraft, readCorrection } from './correction.ts';
import type { CorrectionEffect } from './correction-effect.ts';
import {
  type CorrectionFormErrors,
  type CorrectionFormValues,
  correctable,
  formErrors,
  formValues,
  readForm,
} from './correction-form.ts';
import type { CorrectionService } from './correction-service.ts';
import { sayCorrection } from './correction-words.ts';

export interface CorrectionsPageDeps {
  service: CorrectionService;
  sources: Pick<SourceDirectory, 'findFor'>;
  known: Pick<KnownSources, 'of'>;
  clock: Clock;
  /** False while what was measured before cannot be read. */
  isReadable(): boolean;
}

type Answer = Response | Promise<Response>;
const page = { active: 'sources', styles: ['data.css'] } as const;

/** Registers the pages on which owners correct what their devices told, and undo it. */
export function registerCorrections(web: WebRoutes, deps: CorrectionsPageDeps): void {
  const pages = new CorrectionPages(deps);
  web.page('get', '/sources/:id/corrections', 'user', (c) => pages.list(c));
  web.page('get', '/sources/:id/corrections/new', 'user', (c) => pages.prepare(c));
  web.page('post', '/sources/:id/corrections', 'user', (c) => pages.save(c));
  web.page('get', '/sources/:id/corrections/:correctionId/undo', 'user', (c) => pages.askUndo(c));
  web.page('post', '/sources/:id/corrections/:correctionId/undo', 'user', (c) => pages.undo(c));
}

/** What the form shows beside its values. */
interface Shown {
  values: CorrectionFormValues;
  errors?: CorrectionFormErrors;
  problem?: Refusal;
  preview?: { draft: CorrectionDraft; effect: CorrectionEffect };
}

class CorrectionPages {
  constructor(private readonly deps: CorrectionsPageDeps) {}

  list(c: Context<AppEnv>): Answer {
    return this.withSource(c, (source, viewer) => {
      const listed = this.deps.service.list(viewer, source.id);
      if (!listed.ok) return refusalPage(c, listed.error);
      const options = { ...page, title: `Corrections of ${source.name}`, up: upToSource(source) };
      return renderPage(c, options, <CorrectionsPage source={source} corrections={listed.value} />);
    });
  }

  /** The form; with `show` also what the correction would do. */
  prepare(c: Context<AppEnv>): Answer {
    return this.withSource(c, async (source, viewer) => {
      const query = c.req.query();
      const values = formValues(query, source.timeZone);
      if (query.show === undefined) return this.renderForm(c, source, { values });
      const read = readForm(values, { timeZone: source.timeZone, now: this.deps.clock.now() });
      if (!read.ok) return this.renderForm(c, source, { values, errors: read.errors });
      const draft = readCorrection(read.asked, this.deps.clock.now());
      if (!draft.ok) return this.renderForm(c, source, { values, ...problemOf(draft.error) });
      const effect = await this.deps.service.preview(viewer, source.id, read.asked);
      if (!effect.ok) return this.renderForm(c, source, { values, ...problemOf(effect.error) });
      return this.renderForm(c, source, { values, preview: { draft: draft.value, effect: effect.value } });
    });
  }

  save(c: Context<AppEnv>): Answer {
    return this.withSource(c, async (source, viewer) => {
      const form = await c.req.parseBody();
      const texts = Object.fromEntries(Object.entries(form).filter(([, value]) => typeof value === 'string'));
      const values = formValues(texts as Record<string, string>, source.timeZone);
      const read = readForm(values, { timeZone: source.timeZone, now: this.deps.clock.now() });
      if (!read.ok) return this.renderForm(c, source, { values, errors: read.errors });
      const made = await this.deps.service.apply(viewer, source.id, read.asked);
      if (!made.ok) return this.renderForm(c, source, { values, ...problemOf(made.error) });
      return this.done(c, source, `Corrected: ${sayCorrection(made.value, source.timeZone)}`);
    });
  }

  askUndo(c: Context<AppEnv>): Answer {
    return this.withSource(c, async (source, viewer) => {
      const id = c.req.param('correctionId') ?? '';
      const effect = await this.deps.service.previewUndo(viewer, source.id, id);
      if (!effect.ok) return refusalPage(c, effect.error);
      const correction = this.find(viewer, source.id, id);
      if (!correction.ok) return refusalPage(c, correction.error);
      const options = { ...page, title: 'Undo a correction' };
      return renderPage(
        c,
        options,
        <UndoCorrection {...{ source, correction: correction.value, effect: effect.value }} />,
      );
    });
  }

  undo(c: Context<AppEnv>): Answer {
    return this.withSource(c, async (source, viewer) => {
      const undone = await this.deps.service.undo(viewer, source.id, c.req.param('correctionId') ?? '');
      if (!undone.ok) return refusalPage(c, undone.error);
      return this.done(c, source, `Undone: ${sayCorrection(undone.value, source.timeZone)}`);
    });
  }

  private find(viewer: Viewer, sourceId: string, id: string) {
    const listed = this.deps.service.list(viewer, sourceId);
    if (!listed.ok) return listed;
    const value = listed.value.find((correction) => correction.id === id);
    return value ? ({ ok: true, value } as const) : ({ ok: false, error: noSuchCorrection } as const);
  }

  private done(c: Context<AppEnv>, source: Source, text: string): Response {
    flash(c, { kind: 'done', text });
    return c.redirect(`/sources/${source.id}/corrections`, 303);
  }

  private async renderForm(c: Context<AppEnv>, source: Source, shown: Shown): Promise<Response> {
    const { values, errors = {}, problem, preview } = shown;
    const isWrong = problem !== undefined || Object.keys(errors).length > 0;
    const { metrics } = await this.deps.known.of(source.id);
    return renderPage(
      c,
      {
        ...page,
        title: `Correct ${source.name}`,
        up: { href: `/sources/${source.id}/corrections`, label: 'Corrections' },
        status: isWrong && c.req.method === 'POST' ? refusalStatus[problem?.code ?? 'invalid'] : 200,
      },
      <NewCorrection
        {...{ source, values, errors }}
        metrics={correctable(metrics)}
        problem={problem ? [problem.message, problem.hint].filter(Boolean).join(' ') : null}
        preview={preview ?? null}
      />,
    );
  }

  private withSource(c: Context<AppEnv>, answer: (source: Source, viewer: Viewer) => Answer): Answer {
    const viewer = viewerOf(c);
    const found: Result<Source> = this.deps.sources.findFor(viewer, idOf(c));
    if (!found.ok) return refusalPage(c, found.error);
    if (this.deps.isReadable()) return answer(found.value, viewer);
    const options = { ...page, title: `Corrections of ${found.value.name}`, up: upToSource(found.value) };
    return renderPage(c, options, <TelemetryTrouble isAdmin={viewer.role !== 'user'} />);
  }
}

const noSuchCorrection: Refusal = { code: 'not_found', message: 'There is no such correction.' };

/** At its field where it has one, else above the form. */
function problemOf(error: Refusal): Pick<Shown, 'errors' | 'problem'> {
  const errors = formErrors(error);
  return Object.keys(errors).length > 0 ? { errors } : { problem: error };
}
