/** Lets other work of this thread have its turn: requests, messages, timers. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** For long work in many steps: asked after each, it gives a promise to wait for whenever others are to have their turn. */
export function slicesOf(ms: number): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < ms) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
