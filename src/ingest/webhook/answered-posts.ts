/**
 * Remembers what was answered to a signed post, so that the same post again (a sender that never saw the answer, or
 * somebody who listened in) gets the same answer and is not stored twice. Bounded by what the answers weigh together: the
 * oldest is forgotten first.
 */
export class AnsweredPosts<Answer> {
  private readonly answers = new Map<string, { at: number; answer: Promise<Answer>; weight: number }>();
  private weight = 0;

  constructor(private readonly options: { keepMs: number; most: number; weightOf: (answer: Answer) => number }) {}

  /** The answer given under `key`, also while it is still being worked out; else that of `work`. */
  once(key: string, now: number, work: () => Promise<Answer>): Promise<Answer> {
    this.forgetOld(now);
    const known = this.answers.get(key);
    if (known) return known.answer;
    const answer = work();
    const kept = { at: now, answer, weight: 1 };
    this.answers.set(key, kept);
    this.weight += 1;
    answer.then(
      (given) => {
        if (this.answers.get(key) !== kept) return;
        this.weight -= kept.weight;
        kept.weight = this.options.weightOf(given);
        this.weight += kept.weight;
      },
      // A failure is no answer: the sender shall try again.
      () => this.answers.get(key) === kept && this.forget(key),
    );
    return answer;
  }

  /** The next one under `key` is worked out again. */
  forget(key: string): void {
    this.weight -= this.answers.get(key)?.weight ?? 0;
    this.answers.delete(key);
  }

  private forgetOld(now: number): void {
    for (const [key, { at }] of this.answers) {
      if (now - at <= this.options.keepMs && this.weight < this.options.most) return;
      this.forget(key);
    }
  }
}
