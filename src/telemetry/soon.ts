/** The answer if it comes within `patienceMs`, else null: a page then goes out without it, and its script asks again. */
export async function soon<T>(answer: Promise<T>, patienceMs: number): Promise<T | null> {
  // Should it fail after the page went out, the browser's own request meets the same failure and reports it.
  answer.catch(() => undefined);
  return Promise.race([answer, new Promise<null>((wake) => setTimeout(() => wake(null), patienceMs))]);
}
