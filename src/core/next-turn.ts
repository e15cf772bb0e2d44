/** Lets other work of this thread have its turn: requests, messages, timers. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
