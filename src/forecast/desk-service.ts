import type { AuditLog } from '../accounts/ports.ts';
import type { Viewer } from '../accounts/viewer.ts';
import type { Clock } from '../core/clock.ts';
import { ok, type Result } from '../core/result.ts';
import type { TimeSpan } from '../core/time-range.ts';
import { dayKey, localDayOf } from '../core/zone.ts';
import type { SourceDirectory } from '../sources/ports.ts';
import type { Source } from '../sources/source.ts';
import { accuracyOf } from './accuracy.ts';
import { type DeskViewDeps, ForecastDeskViews } from './desk-views-service.ts';
import type { AccuracyView, ForecastView, ModelsView, SubjectChoice } from './forecast-view.ts';
import type { ForecastQuantity } from './issue.ts';
import type { AskedFrom, ForecastDesk, ForecastNews, ForecastSubject, ModelRow, WaitingView } from './ports.ts';
import { subjectKey } from './serve/subject-data.ts';
import type { ForecastSubjects } from './subjects-service.ts';

export interface DeskDeps extends DeskViewDeps {
  sources: Pick<SourceDirectory, 'byId' | 'findFor' | 'listFor'>;
  subjects: ForecastSubjects;
  audit: Pick<AuditLog, 'record'>;
  news: ForecastNews;
  clock: Clock;
}

/** A forecast that was made a moment ago is not made again because somebody asks. */
const FRESH_MS = 20_000;

/** What pages and the API ask of forecasts; the one place where it is checked who may. */
export class ForecastDeskService implements ForecastDesk {
  /** Forecasts that somebody asked for and that are being made. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly views: ForecastDeskViews;

  constructor(private readonly deps: DeskDeps) {
    this.views = new ForecastDeskViews(deps);
  }

  choices(viewer: Viewer): readonly SubjectChoice[] {
    const all = this.deps.sources.listFor(viewer);
    const isOwn = (source: Source): boolean => source.ownerId === viewer.userId;
    return [...all.filter(isOwn), ...all.filter((source) => !isOwn(source))].map(({ id, name, timeZone }) => ({
      sourceId: id,
      name,
      timeZone,
      quantities: this.deps.subjects.quantitiesOf(id),
    }));
  }

  async forecast(viewer: Viewer, subject: ForecastSubject, at?: number): Promise<Result<ForecastView | null>> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const now = this.deps.clock.now();
    const issue = this.deps.issuing.issueAt(subject, Math.min(at ?? now, now));
    return ok(issue && (await this.views.forecast(found.value, subject, issue, now)));
  }

  waiting(viewer: Viewer, subject: ForecastSubject): Result<WaitingView> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const problem = this.deps.issuing.problemOf(subject) ?? null;
    return ok({ isLearning: this.views.isLearning(subject.sourceId), problem });
  }

  issues(viewer: Viewer, subject: ForecastSubject, range: TimeSpan): Result<readonly { issuedAt: number }[]> {
    const found = this.find(viewer, subject);
    return found.ok ? ok(this.deps.issues.times(subject, range).map((issuedAt) => ({ issuedAt }))) : found;
  }

  accuracy(viewer: Viewer, subject: ForecastSubject, days: number): Result<AccuracyView> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const { timeZone } = found.value;
    const today = localDayOf(this.deps.clock.now(), timeZone);
    const [first, last] = [dayKey(today - days), dayKey(today - 1)];
    const leads = this.deps.scores.leads(subject, first, last);
    const scored = this.deps.scores.days(subject, first, last);
    return ok({ subject, timeZone, first, last, ...accuracyOf(subject.quantity, { leads, days: scored }) });
  }

  async models(viewer: Viewer, subject: ForecastSubject): Promise<Result<ModelsView>> {
    const found = this.find(viewer, subject);
    return found.ok ? ok(await this.views.models(found.value, subject)) : found;
  }

  trainNow(viewer: Viewer, sourceId: string, quantity: ForecastQuantity | undefined, asked: AskedFrom) {
    const queued = this.deps.training.trainNow(viewer, sourceId, quantity);
    if (queued.ok) this.record(viewer, 'forecast.trained', queued.value.source, asked, quantity);
    return queued;
  }

  async putBack(
    viewer: Viewer,
    subject: ForecastSubject,
    version: string,
    asked: AskedFrom,
  ): Promise<Result<ModelRow>> {
    const found = this.find(viewer, subject);
    if (!found.ok) return found;
    const put = await this.deps.models.putBack(subject, version);
    if (!put.ok) return put;
    this.record(viewer, 'forecast.modelPutBack', found.value, asked, version);
    await this.deps.issuing.issueNow([subject], { isWorthKeeping: true });
    return put;
  }

  async refreshNow(viewer: Viewer, sourceIds: readonly string[]): Promise<Result<null>> {
    for (const sourceId of sourceIds) {
      const found = this.deps.sources.findFor(viewer, sourceId);
      if (!found.ok) return found;
    }
    const { subjects, issuing, clock } = this.deps;
    if (sourceIds.some((sourceId) => subjects.quantitiesOf(sourceId).length === 0)) await subjects.refresh();
    const now = clock.now();
    const old = sourceIds
      .flatMap((sourceId) => subjects.quantitiesOf(sourceId).map((quantity) => ({ sourceId, quantity })))
      .filter((subject) => now - (issuing.issueAt(subject, now)?.issuedAt ?? 0) > FRESH_MS);
    await this.make(old);
    return ok(null);
  }

  /** Together, since each time a worker is started; what is being made is waited for. */
  private async make(wanted: readonly ForecastSubject[]): Promise<void> {
    const begun = wanted.filter((subject) => !this.underWay.has(subjectKey(subject)));
    if (begun.length > 0) {
      const making = this.deps.issuing.issueNow(begun).finally(() => {
        for (const subject of begun) this.underWay.delete(subjectKey(subject));
      });
      for (const subject of begun) this.underWay.set(subjectKey(subject), making);
    }
    await Promise.all(wanted.map((subject) => this.underWay.get(subjectKey(subject))));
  }

  onChange(listener: (sourceId: string) => void): () => void {
    return this.deps.news.on(listener);
  }

  /** The source if the viewer may see it; of what is not forecast of it there is simply nothing. */
  private find(viewer: Viewer, { sourceId }: ForecastSubject): Result<Source> {
    return this.deps.sources.findFor(viewer, sourceId);
  }

  private record(
    viewer: Viewer,
    action: 'forecast.trained' | 'forecast.modelPutBack',
    { id, name }: Source,
    { address }: AskedFrom,
    detail: string | undefined,
  ): void {
    const more = detail === undefined ? {} : { detail };
    this.deps.audit.record({ actor: viewer, address, action, subject: { id, label: name }, ...more });
  }
}
