/** Ten metrics of a house at one minute, rounded as devices round: the same data for everybody who is compared. */
export const MINUTE_MS = 60_000;
export const METRICS = [
  'stateOfCharge',
  'batteryVoltage',
  'batteryCurrent',
  'batteryPower',
  'solarPower',
  'loadPower',
  'gridPower',
  'outputVoltage',
  'totalEnergyProduced',
  'totalEnergyConsumed',
] as const;

export type Values = Record<(typeof METRICS)[number], number>;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** A generator that always gives the same numbers (Park and Miller's), 0 to 1. */
function noise(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** One reading a minute from `from` on (ms UTC, half-open), a sky that changes from day to day, a load that switches. */
export function* houseReadings(from: number, to: number): Generator<{ time: number; values: Values }> {
  const random = noise(7);
  let [produced, consumed, charge, sky, load] = [1000, 800, 50, 0.8, 400];
  for (let time = from; time < to; time += MINUTE_MS) {
    const hour = (time / 3_600_000) % 24;
    if (time % 86_400_000 === 0) sky = 0.2 + 0.8 * random();
    if (random() < 0.02) load = 150 + 2500 * random() ** 4;
    const season = 0.65 - 0.35 * Math.cos((2 * Math.PI * time) / (365.25 * 86_400_000));
    const sun = Math.max(0, Math.sin(((hour - 6) / 12) * Math.PI)) * season * sky * (0.85 + 0.15 * random());
    const solarPower = Math.round(6000 * sun);
    const loadPower = Math.round(load + 40 * random());
    const wanted = Math.max(-2500, Math.min(2500, solarPower - loadPower));
    const batteryPower = (wanted > 0 && charge >= 100) || (wanted < 0 && charge <= 10) ? 0 : wanted;
    charge = Math.max(0, Math.min(100, charge + batteryPower / 6000));
    produced += solarPower / 60_000;
    consumed += loadPower / 60_000;
    const batteryVoltage = round(48 + charge / 20 + batteryPower / 2500 + 0.1 * random(), 2);
    yield {
      time,
      values: {
        stateOfCharge: Math.round(charge),
        batteryVoltage,
        batteryCurrent: round(batteryPower / batteryVoltage, 1),
        batteryPower,
        solarPower,
        loadPower,
        gridPower: loadPower + batteryPower - solarPower,
        outputVoltage: round(230 + 3 * random(), 1),
        totalEnergyProduced: round(produced, 3),
        totalEnergyConsumed: round(consumed, 3),
      },
    };
  }
}
