/** Processor time that this process has used, s. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** So many are made up at once, so that the clock is looked at seldom. */
const MADE_AT_ONCE = 4096;

/** Keeps the time apart that making things up takes, where something else is measured. */
export class Making {
  seconds = 0;
  cpuSeconds = 0;

  *apart<From, To>(source: Iterator<From>, as: (one: From) => To): Generator<To> {
    for (;;) {
      const [before, cpuBefore] = [performance.now(), cpuSeconds()];
      const some: To[] = [];
      while (some.length < MADE_AT_ONCE) {
        const next = source.next();
        if (next.done) break;
        some.push(as(next.value));
      }
      this.seconds += (performance.now() - before) / 1000;
      this.cpuSeconds += cpuSeconds() - cpuBefore;
      if (some.length === 0) return;
      yield* some;
    }
  }
}
