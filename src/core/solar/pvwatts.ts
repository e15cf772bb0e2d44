/** Power of panels and inverter after PVWatts 5 (Dobos, NREL/TP-6A20-62641, 2014). */

/** DC power [W] from effective irradiance [W/m2] and cell temperature [degC]; `peakW` at 1000 W/m2 and 25 degC, `perK` its change. */
export function pvwattsDcW(planeWm2: number, cellC: number, peakW: number, perK = -0.004): number {
  return (planeWm2 / 1000) * peakW * (1 + perK * (cellC - 25));
}

/** AC power [W] of an inverter whose DC input limit is `dcLimitW`: its output never exceeds `efficiency * dcLimitW`. */
export function pvwattsAcW(dcW: number, dcLimitW: number, efficiency = 0.96): number {
  if (dcW <= 0 || dcLimitW <= 0) return 0;
  const load = dcW / dcLimitW;
  const relative = (-0.0162 * load - 0.0059 / load + 0.9858) / 0.9637;
  return Math.min(efficiency * dcLimitW, Math.max(0, efficiency * relative * dcW));
}

/** Losses between panel and meter, percent of what is left each (the report's table 6); together 14.08 %. */
export const pvwattsLossesPercent = {
  soiling: 2,
  shading: 3,
  snow: 0,
  mismatch: 2,
  wiring: 2,
  connections: 0.5,
  lightInducedDegradation: 1.5,
  nameplate: 1,
  age: 0,
  availability: 3,
};

/** Share that all losses together take, 0..1. */
export function lossShare(percents: Readonly<Record<string, number>> = pvwattsLossesPercent): number {
  return 1 - Object.values(percents).reduce((left, percent) => left * (1 - percent / 100), 1);
}
