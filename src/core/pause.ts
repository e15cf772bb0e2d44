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

/** So many steps of such work lie between two pauses. */
const STEPS = 512;

/** A pause at every so many steps of a loop. */
export function pauseAt(step: number): void {
  if (step % STEPS === 0) pause();
}
