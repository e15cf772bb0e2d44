/** Work in lanes: in each lane one thing after the other, lanes beside each other. */
export class Lanes<Key> {
  private readonly ends = new Map<Key, Promise<unknown>>();

  /** Runs `work` when everything before it in the lane has ended, well or not. */
  run<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const result = (this.ends.get(key) ?? Promise.resolve()).then(work, work);
    const end = result
      .catch(() => undefined)
      .then(() => {
        if (this.ends.get(key) === end) this.ends.delete(key);
      });
    this.ends.set(key, end);
    return result;
  }

  /** Waits for its turn in the lane, which is over when the function that it gives is called. */
  enter(key: Key): Promise<() => void> {
    return new Promise((enter) => {
      void this.run(key, () => new Promise<void>((leave) => enter(leave)));
    });
  }
}
