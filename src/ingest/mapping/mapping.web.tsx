import type { Context } from 'hono';
import { MappingPage } from '../../../views/ingest/mapping.tsx';
import type { RuleRow } from '../../../views/ingest/mapping-line.tsx';
import { Preview } from '../../../views/ingest/mapping-messages.tsx';
import type { Clock } from '../../core/clock.ts';
import { listWords, lowered } from '../../core/format.ts';
import type { Refusal } from '../../core/result.ts';
import { upToSource } from '../../sources/source-page.ts';
import { idOf, viewerOf } from '../../web/asking.ts';
import { flash } from '../../web/cookies.ts';
import { refusalPage, refusalStatus } from '../../web/errors.tsx';
import { renderFragment, renderPage } from '../../web/page.tsx';
import type { AppEnv, WebRoutes } from '../../web/routes.ts';
import { type MappingRule, MOST_RULES, readRules } from './mapping.ts';
import { givenUp } from './mapping-file.ts';
import type { Mappings, MappingView } from './mapping-service.ts';

type Answer = Response | Promise<Response>;
type Form = Record<string, unknown>;
const LARGEST_FILE = 256 * 1024;

/** The mapping of one source: its owner's and Overseers' only, as the source itself. */
export function addMappingPages(web: WebRoutes, mappings: Mappings, clock: Clock): void {
  const pages = new MappingPages(mappings, clock);
  web.page('get', '/sources/:id/mapping', 'user', (c) => pages.show(c));
  web.page('post', '/sources/:id/mapping', 'user', (c) => pages.post(c));
  web.page('post', '/sources/:id/mapping/preview', 'user', (c) => pages.preview(c));
  web.page('get', '/sources/:id/mapping/export', 'user', (c) => pages.exportFile(c));
  web.page('post', '/sources/:id/mapping/import', 'user', (c) => pages.importFile(c));
}

interface Shown {
  rows: RuleRow[];
  /** The line that was just begun. */
  begun?: number;
  /** Faults of what is shown, not yet kept. */
  faults?: Record<string, string>;
  version?: number;
  error?: Refusal;
  importError?: string;
}

class MappingPages {
  constructor(
    private readonly mappings: Mappings,
    private readonly clock: Clock,
  ) {}

  show(c: Context<AppEnv>): Answer {
    return this.withSource(c, (view) => this.render(c, view, { rows: orBlank(view.rules.map(rowOf)) }));
  }

  post(c: Context<AppEnv>): Answer {
    return this.withSource(c, async (view) => {
      const form: Form = await c.req.parseBody();
      const rows = rowsOf(form);
      const version = versionOf(form);
      const wish = textOf(form, 'do');
      if (wish === 'save' || wish === '') return this.save(c, view, rows, version);
      const removed = /^remove-(\d+)$/.exec(wish)?.[1];
      if (removed !== undefined) rows.splice(Number(removed), 1);
      const filled = rows.filter(isFilled);
      const taken = takenOf(wish);
      const isBegun = (taken !== null || wish === 'add') && filled.length < MOST_RULES;
      const shown = isBegun ? [...filled, { ...blank, ...taken }] : orBlank(filled);
      const faults = wish === 'preview' ? faultsOf(filled) : {};
      return this.render(c, view, { rows: shown, version, faults, ...(isBegun && { begun: shown.length - 1 }) });
    });
  }

  preview(c: Context<AppEnv>): Answer {
    return this.withSource(c, async ({ source }) => {
      const rows = rowsOf(await c.req.parseBody());
      const messages = await this.mappings.preview(source, soundRules(rows));
      return renderFragment(c, <Preview messages={messages} now={this.clock.now()} />);
    });
  }

  exportFile(c: Context<AppEnv>): Answer {
    const file = this.mappings.exported(viewerOf(c), idOf(c));
    if (!file.ok) return refusalPage(c, file.error);
    c.header('Content-Type', 'application/json');
    c.header('Content-Disposition', `attachment; filename="${file.value.name}"`);
    c.header('Cache-Control', 'no-store');
    return c.body(file.value.text);
  }

  importFile(c: Context<AppEnv>): Answer {
    return this.withSource(c, async (view) => {
      const form: Form = await c.req.parseBody();
      const { file } = form;
      const isFile = file instanceof File && file.size > 0 && file.size <= LARGEST_FILE;
      const version = versionOf(form);
      const saved = this.mappings.imported(viewerOf(c), idOf(c), isFile ? await file.text() : '', version);
      if (saved.ok) return this.done(c, 'The lines are those of the file now.', givenUp(view.rules, saved.value.rules));
      const importError = [saved.error.message, ...(saved.error.fields ?? []).slice(1).map(sentence)].join(' ');
      return this.render(c, view, { rows: orBlank(view.rules.map(rowOf)), error: saved.error, importError });
    });
  }

  private save(c: Context<AppEnv>, view: MappingView, rows: RuleRow[], version: number): Answer {
    const filled = rows.filter((row) => row.topic !== '');
    const saved = this.mappings.save(viewerOf(c), idOf(c), filled.map(rawRule), version);
    if (saved.ok) {
      const kept = 'Kept. It counts from now on; earlier messages follow into their place.';
      return this.done(c, kept, givenUp(view.rules, saved.value.rules));
    }
    return this.render(c, view, { rows: orBlank(filled), version, error: saved.error });
  }

  /** What the lines before had stored stays: whoever mends a mistake is told where it can be taken away. */
  private done(c: Context<AppEnv>, text: string, stays: readonly string[]): Response {
    const before = listWords(stays.map(lowered));
    const more = `What the lines before made of ${before} stays stored; Corrections takes it away.`;
    flash(c, { kind: 'done', text: stays.length === 0 ? text : `${text} ${more}` });
    return c.redirect(`/sources/${idOf(c)}/mapping`, 303);
  }

  private withSource(c: Context<AppEnv>, answer: (view: MappingView) => Answer): Answer {
    const found = this.mappings.view(viewerOf(c), idOf(c));
    return found.ok ? answer(found.value) : refusalPage(c, found.error);
  }

  /** The lines that are sound and find nothing; none while there is nothing to find. */
  private async unmet(source: MappingView['source'], rows: readonly RuleRow[]): Promise<number[]> {
    const lines = rows.flatMap((row, i) => soundRules([row]).map((rule) => ({ rule, i })));
    const met = await this.mappings.met(
      source,
      lines.map(({ rule }) => rule),
    );
    return lines.filter((_, at) => met[at] === false).map(({ i }) => i);
  }

  private async render(c: Context<AppEnv>, view: MappingView, shown: Shown): Promise<Response> {
    const { source, version, isReplayed } = view;
    const { rows, error, importError } = shown;
    const status = error ? refusalStatus[error.code] : 200;
    const errors = error && importError === undefined ? errorsOf(error) : (shown.faults ?? {});
    const problem =
      error && importError === undefined && Object.keys(errors).length === 0 ? sentenceOf(error) : undefined;
    return renderPage(
      c,
      {
        title: `Mapping of ${source.name}`,
        up: upToSource(source),
        active: 'sources',
        styles: ['sources.css'],
        status,
      },
      <MappingPage
        {...{ source, rows, isReplayed, errors }}
        version={shown.version ?? version}
        unmet={await this.unmet(source, rows)}
        {...(shown.begun === undefined ? {} : { begun: shown.begun })}
        messages={await this.mappings.preview(source, soundRules(rows))}
        now={this.clock.now()}
        {...(problem ? { problem } : {})}
        {...(importError ? { importError } : {})}
      />,
    );
  }
}

const blank: RuleRow = {
  ...{ topic: '', path: '', metric: '', unit: '', factor: '1', offset: '0' },
  ...{ isFlipped: false, adds: false },
};
/** Who has no line yet begins with an empty one. */
const orBlank = (rows: RuleRow[]): RuleRow[] => (rows.length > 0 ? rows : [blank]);
const isFilled = (row: RuleRow): boolean => row.topic !== '' || row.path !== '' || row.metric !== '';

function rowOf(rule: MappingRule): RuleRow {
  const { topic, path, metric, unit, factor, offset, adds } = rule;
  const figures = { factor: String(Math.abs(factor)), offset: String(offset) };
  return { topic, path, metric, unit, ...figures, isFlipped: factor < 0, adds };
}

/** A row as a rule, not yet checked: what is no number stays what it is, and is refused by name. */
function rawRule(row: RuleRow): Record<string, unknown> {
  const { topic, path, metric, unit, adds } = row;
  const factor = figure(row.factor, 1);
  return {
    ...{ topic, path, metric, unit, adds, offset: figure(row.offset, 0) },
    factor: typeof factor === 'number' && row.isFlipped ? -factor : factor,
  };
}

function figure(text: string, usual: number): unknown {
  const plain = text.trim().replace(',', '.');
  if (plain === '') return usual;
  return Number.isFinite(Number(plain)) ? Number(plain) : text;
}

/** The lines that are sound already: a preview shows them while the next one is being typed. */
function soundRules(rows: readonly RuleRow[]): MappingRule[] {
  return rows.flatMap((row) => {
    const read = readRules([rawRule(row)]);
    return read.ok ? read.value : [];
  });
}

function rowsOf(form: Form): RuleRow[] {
  const count = Math.min(Number(textOf(form, 'rows')) || 0, MOST_RULES);
  return Array.from({ length: Math.max(0, Math.floor(count)) }, (_, i) => ({
    topic: textOf(form, `topic-${i}`).trim(),
    path: textOf(form, `path-${i}`).trim(),
    metric: textOf(form, `metric-${i}`),
    unit: textOf(form, `unit-${i}`),
    factor: textOf(form, `factor-${i}`),
    offset: textOf(form, `offset-${i}`),
    isFlipped: textOf(form, `flip-${i}`) !== '',
    adds: textOf(form, `adds-${i}`) !== '',
  }));
}

/** What a line begins with that is made of a number: where it stands, and what its name says that it is. */
function takenOf(wish: string): Pick<RuleRow, 'topic' | 'path' | 'metric' | 'unit'> | null {
  if (!wish.startsWith('take ')) return null;
  try {
    const [topic, path, metric = '', unit = ''] = JSON.parse(wish.slice(5)) as unknown[];
    if (![topic, path, metric, unit].every((one) => typeof one === 'string')) return null;
    return { topic, path, metric, unit } as Pick<RuleRow, 'topic' | 'path' | 'metric' | 'unit'>;
  } catch {
    return null;
  }
}

/** What is wrong with the lines as they stand. */
function faultsOf(rows: readonly RuleRow[]): Record<string, string> {
  const read = readRules(rows.filter((row) => row.topic !== '').map(rawRule));
  return read.ok ? {} : errorsOf(read.error);
}

/** `rules[2].unit` is the field `unit-2`. */
function errorsOf(error: Refusal): Record<string, string> {
  return Object.fromEntries(
    (error.fields ?? []).flatMap(({ field, message }) => {
      const place = /^rules\[(\d+)\]\.(\w+)$/.exec(field);
      return place ? [[`${place[2]}-${place[1]}`, `It ${message}.`]] : [];
    }),
  );
}

const sentence = ({ field, message }: { field: string; message: string }) => `${field} ${message}.`;
const sentenceOf = (error: Refusal) => [error.message, error.hint].filter(Boolean).join(' ');

function textOf(form: Form, name: string): string {
  const value = form[name];
  return typeof value === 'string' ? value : '';
}

function versionOf(form: Form): number {
  const version = Number(textOf(form, 'version'));
  return Number.isInteger(version) && version >= 0 ? version : 0;
}
