export interface KeptAnswersOptions {
  /** How old an answer may be. ms. */
  maxAgeMs: number;
  /** Most answers kept; the oldest go first. */
  most: number;
  /** Up to this age an old answer is given at once, while a newer one is worked out for whoever asks next. ms. */
  refreshedUntilMs?: number;
}

interface Kept<T> {
  at: number;
  version: string;
  answer: Promise<T>;
}

/**
 * Answers that cost work and are asked for again at once: by the page and then by its script, by two tablets on one
 * wall. While one is being worked out, whoever asks waits for the same one. Failures are not kept.
 */
export class KeptAnswers<T> {
  private readonly answers = new Map<string, Kept<T>>();
  constructor(private readonly options: KeptAnswersOptions) {}

  /**
   * The kept answer, or that of `work`. `now` in ms; `version` is that of what the answer is made from: one of another is
   * not given, and makes room.
   */
  get(key: string, now: number, work: () => Promise<T>, version = ''): Promise<T> {
    const kept = this.answers.get(key);
    const ageMs = kept && kept.version === version && now >= kept.at ? now - kept.at : Number.POSITIVE_INFINITY;
    if (kept && ageMs < this.options.maxAgeMs) return kept.answer;
    if (kept && ageMs < (this.options.refreshedUntilMs ?? 0)) return this.refresh(kept, now, work);
    const answer = work();
    this.answers.delete(key);
    this.answers.set(key, { at: now, version, answer });
    answer.catch(() => {
      if (this.answers.get(key)?.answer === answer) this.answers.delete(key);
    });
    const [oldest] = this.answers.keys();
    if (this.answers.size > this.options.most && oldest !== undefined) this.answers.delete(oldest);
    return answer;
  }

  /** Gives what there is; a newer one takes its place when it is there, and an attempt that fails is made again later. */
  private refresh(kept: Kept<T>, now: number, work: () => Promise<T>): Promise<T> {
    const { answer: before } = kept;
    kept.at = now;
    const answer = work();
    answer.then(
      () => {
        kept.answer = answer;
      },
      () => undefined,
    );
    return before;
  }
}
