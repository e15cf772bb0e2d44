/**
 * Remembers what was answered to a signed post, so that the same post again (a sender that never saw the answer, or
 * somebody who listened in) gets the same answer and is not stored twice. Bounded: the oldest is forgotten first.
 */
export class AnsweredPosts<Answer> {
  private readonly answers = new Map<string, { at: number; answer: Promise<Answer> }>();

  constructor(private readonly options: { keepMs: number; most: number }) {}

  /** The answer given under `key`, also while it is still being worked out; else that of `work`. */
  once(key: string, now: number, work: () => Promise<Answer>): Promise<Answer> {
    this.forgetOld(now);
    const known = this.answers.get(key);
    if (known) return known.answer;
    const answer = work();
    this.answers.set(key, { at: now, answer });
    // A failure is no answer: the sender shall try again.
    answer.catch(() => this.answers.delete(key));
    return answer;
  }

  /** The next one under `key` is worked out again. */
  forget(key: string): void {
    this.answers.delete(key);
  }

  private forgetOld(now: number): void {
    for (const [key, { at }] of this.answers) {
      if (now - at <= this.options.keepMs && this.answers.size < this.options.most) return;
      this.answers.delete(key);
    }
  }
}
