/**
 * Cell or module temperature [degC] from irradiance on the plane [W/m2], air temperature [degC] and wind [m/s, 10 m above ground
 * for SAPM, else at the module].
 */

/** Faiman, Progress in Photovoltaics 16 (4), 2008; heat loss [W/m2/K] and its rise with wind [W/m2/K per m/s]. */
export function faimanC(planeWm2: number, airC: number, windMs: number, loss = 25, windLoss = 6.84): number {
  return airC + planeWm2 / (loss + windLoss * windMs);
}

/** How modules are mounted, for the Sandia model (King, Boyson and Kratochvil, SAND2004-3535, table 1). */
export const sapmMounts = {
  openRackGlassGlass: { a: -3.47, b: -0.0594, deltaK: 3 },
  closeMountGlassGlass: { a: -2.98, b: -0.0471, deltaK: 1 },
  openRackGlassPolymer: { a: -3.56, b: -0.075, deltaK: 3 },
  insulatedBackGlassPolymer: { a: -2.81, b: -0.0455, deltaK: 0 },
} as const;

export function sapmCellC(planeWm2: number, airC: number, windMs: number, mount: keyof typeof sapmMounts): number {
  const { a, b, deltaK } = sapmMounts[mount];
  return airC + planeWm2 * Math.exp(a + b * windMs) + (planeWm2 / 1000) * deltaK;
}

/** PVsyst: heat loss 29 W/m2/K free-standing, 15 insulated; what is not turned into power heats the cell. */
export function pvsystCellC(
  planeWm2: number,
  airC: number,
  windMs: number,
  loss = 29,
  windLoss = 0,
  efficiency = 0.1,
): number {
  return airC + (planeWm2 * 0.9 * (1 - efficiency)) / (loss + windLoss * windMs);
}

/** Ross, 1980, by the nominal operating cell temperature. */
export function rossCellC(planeWm2: number, airC: number, nominalC = 45): number {
  return airC + ((nominalC - 20) / 800) * planeWm2;
}

/** NREL's System Advisor Model (Gilman, NREL/TP-6A20-64102, 2015), free-standing one storey up. */
export function noctSamCellC(planeWm2: number, airC: number, windMs: number, nominalC = 45, efficiency = 0.2): number {
  const heated = (planeWm2 / 800) * (nominalC - 20) * (1 - efficiency / 0.9);
  return airC + (heated * 9.5) / (5.7 + 3.8 * 0.51 * windMs);
}
