import { ok, type Result, refuse } from '../core/result.ts';
import type { ForecastSubject, ModelFiles, ModelIndex, ModelRow, TrainAnswer } from './ports.ts';

export interface ModelsDeps {
  index: ModelIndex;
  files: ModelFiles;
}

/** A model that serves: its text for the workshop, and the interval that it works in. */
export interface ServingModel {
  version: string;
  text: string;
  stepMs: number;
}

/** So many are kept that served before, to be put back, and of so many that did not win it is known why. */
const RETIRED_KEPT = 4;
const CHALLENGERS_KEPT = 6;

/** Which model serves a subject, which did before, and which did not make it. */
export class ForecastModels {
  constructor(private readonly deps: ModelsDeps) {}

  list(subject: ForecastSubject): ModelRow[] {
    return this.deps.index.list(subject);
  }

  servingRow(subject: ForecastSubject): ModelRow | undefined {
    return this.list(subject).find(({ state }) => state === 'serving');
  }

  /** The model that serves; null when there is none, or its file is gone. */
  async serving(subject: ForecastSubject): Promise<ServingModel | null> {
    const row = this.servingRow(subject);
    const text = row ? await this.deps.files.read(subject.sourceId, row.version) : null;
    return row && text ? { version: row.version, text, stepMs: row.card.stepMs } : null;
  }

  /** Takes in what a training gave: a new model that serves, or the one before with its odds as of now. */
  async takeIn(subject: ForecastSubject, { serving, card }: TrainAnswer): Promise<void> {
    const { index, files } = this.deps;
    if (!card) return;
    const row = { version: card.version, madeAt: card.madeAt, knownUntil: card.window.to, card };
    const isNew = serving?.version === card.version;
    if (serving) await files.write(subject.sourceId, serving.version, serving.text, isNew ? card : undefined);
    if (isNew) {
      const before = this.servingRow(subject);
      index.put(subject, { ...row, state: 'serving' });
      if (before && before.version !== card.version) index.setState(subject, before.version, 'retired');
    } else index.put(subject, { ...row, state: 'challenger' });
    await this.prune(subject);
  }

  /** Lets a model serve again that served before. */
  async putBack(subject: ForecastSubject, version: string): Promise<Result<ModelRow>> {
    const { index, files } = this.deps;
    const row = this.list(subject).find((one) => one.version === version);
    if (!row) return refuse('conflict', 'There is no such model of this source.');
    if (row.state === 'serving') return refuse('conflict', 'This model serves already.');
    if (row.state === 'challenger' || (await files.read(subject.sourceId, version)) === null)
      return refuse('conflict', 'Of this model only its card was kept, so it cannot serve.', {
        hint: 'Models that served before can be put back.',
      });
    const before = this.servingRow(subject);
    if (before) index.setState(subject, before.version, 'retired');
    index.setState(subject, version, 'serving');
    return ok({ ...row, state: 'serving' });
  }

  /** Versions of a source whose files are there. */
  async kept(sourceId: string): Promise<ReadonlySet<string>> {
    return new Set(await this.deps.files.versions(sourceId));
  }

  /** Removes files that no row names: what a power cut left between the two. */
  async sweep(sourceId: string, subjects: readonly ForecastSubject[]): Promise<void> {
    const known = new Set(subjects.flatMap((subject) => this.list(subject).map(({ version }) => version)));
    for (const version of await this.deps.files.versions(sourceId))
      if (!known.has(version)) await this.deps.files.remove(sourceId, version);
  }

  removeAllOf(sourceId: string): Promise<void> {
    return this.deps.files.removeAllOf(sourceId);
  }

  private async prune(subject: ForecastSubject): Promise<void> {
    const rows = this.list(subject);
    const old = [
      ...rows.filter(({ state }) => state === 'retired').slice(RETIRED_KEPT),
      ...rows.filter(({ state }) => state === 'challenger').slice(CHALLENGERS_KEPT),
    ];
    for (const { version } of old) {
      this.deps.index.remove(subject, version);
      await this.deps.files.remove(subject.sourceId, version);
    }
  }
}
