/**
 * Long work that cannot wait for others says where it may be interrupted for a moment: whoever runs it tidies up there. Each
 * thread has its own.
 */
let tidy = (): void => {};

/** A place between two pieces of long work. */
export const pause = (): void => tidy();

/** What is done at such places in this thread. */
export function onPause(work: () => void): void {
  tidy = work;
}
