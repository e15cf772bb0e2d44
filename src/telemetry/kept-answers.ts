export interface KeptAnswersOptions {
  /** How old an answer may be. ms. */
  maxAgeMs: number;
  /** Most answers kept; the oldest go first. */
  most: number;
}

/**
 * Answers that cost work and are asked for again at once: by the page and then by its script, by two tablets on one
 * wall. While one is being worked out, whoever asks waits for the same one. Failures are not kept.
 */
export class KeptAnswers<T> {
  private readonly answers = new Map<string, { at: number; answer: Promise<T> }>();
  constructor(private readonly options: KeptAnswersOptions) {}

  /** The kept answer, or that of `work`. `now` in ms. */
  get(key: string, now: number, work: () => Promise<T>): Promise<T> {
    const kept = this.answers.get(key);
    if (kept && now - kept.at < this.options.maxAgeMs && now >= kept.at) return kept.answer;
    const answer = work();
    this.answers.delete(key);
    this.answers.set(key, { at: now, answer });
    answer.catch(() => {
      if (this.answers.get(key)?.answer === answer) this.answers.delete(key);
    });
    const [oldest] = this.answers.keys();
    if (this.answers.size > this.options.most && oldest !== undefined) this.answers.delete(oldest);
    return answer;
  }
}
