/** So many distances in a row that are alike are a longer step, fewer are gaps. */
const FEWEST_ALIKE = 6;
const HOUR_MS = 3_600_000;

/**
 * Fills the intervals that a longer step leaves empty: a device that wrote each hour before it wrote each five minutes, or the
 * other way round, gives means of several lengths, of which each holds for all of its own, up to an hour. Gaps stay. Answers how
 * many there were.
 */
export function fillLongerSteps(powerW: Float64Array, stepMs: number): number {
  const known: number[] = [];
  powerW.forEach((power, slot) => {
    if (!Number.isNaN(power)) known.push(slot);
  });
  const distance = (at: number): number => (known[at + 1] ?? Number.POSITIVE_INFINITY) - (known[at] ?? 0);
  let filled = 0;
  for (let first = 0; first < known.length; ) {
    const steps = distance(first);
    let end = first + 1;
    while (distance(end) === steps && end < known.length) end++;
    if (steps > 1 && steps * stepMs <= HOUR_MS && end - first >= FEWEST_ALIKE) {
      // The one that the last of them leads to is as long, unless shorter steps begin there.
      const last = distance(end) < steps ? end : end + 1;
      for (const slot of known.slice(first, last)) powerW.fill(powerW[slot] ?? Number.NaN, slot, slot + steps);
      filled += last - first;
    }
    first = end;
  }
  return filled;
}
