/**
 * Smallest value of a function of a few parameters without its derivatives (Hooke and Jeeves, J. ACM 8 (2), 1961): tries a step
 * up and down on each parameter, and halves the steps when none helps.
 */
export function patternSearch(
  cost: (at: readonly number[]) => number,
  start: readonly number[],
  steps: readonly number[],
  halvings = 4,
): { at: number[]; cost: number } {
  let at = [...start];
  let best = cost(at);
  let scale = 1;
  for (let halved = 0; halved <= halvings; ) {
    let moved = false;
    for (const [index, step] of steps.entries()) {
      for (const sign of [1, -1]) {
        const tried = at.map((value, i) => (i === index ? value + sign * scale * step : value));
        const found = cost(tried);
        if (!(found < best)) continue;
        [at, best, moved] = [tried, found, true];
        break;
      }
    }
    if (moved) continue;
    scale /= 2;
    halved++;
  }
  return { at, cost: best };
}
