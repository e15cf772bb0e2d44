const DAY_MS = 86_400_000;

/** Solar day and slot of a moment: the day turns when the mean sun is farthest down, so that no day's production is cut. */
export function solarSlot(time: number, longitude: number, slots: number): { day: number; slot: number } {
  const turned = time + (longitude / 360) * DAY_MS;
  const day = Math.floor(turned / DAY_MS);
  return { day, slot: Math.min(slots - 1, Math.floor(((turned - day * DAY_MS) / DAY_MS) * slots)) };
}
