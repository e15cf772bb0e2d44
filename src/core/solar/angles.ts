/** Trigonometry in degrees. */
export const RAD = Math.PI / 180;

export const sinDeg = (degrees: number): number => Math.sin(degrees * RAD);
export const cosDeg = (degrees: number): number => Math.cos(degrees * RAD);
export const tanDeg = (degrees: number): number => Math.tan(degrees * RAD);
export const asinDeg = (x: number): number => Math.asin(Math.min(1, Math.max(-1, x))) / RAD;
export const acosDeg = (x: number): number => Math.acos(Math.min(1, Math.max(-1, x))) / RAD;

/** The same angle within 0..360. */
export function turn(degrees: number): number {
  const rest = degrees % 360;
  return rest < 0 ? rest + 360 : rest;
}

/** The same angle within -180..180. */
export function halfTurn(degrees: number): number {
  const rest = turn(degrees);
  return rest > 180 ? rest - 360 : rest;
}
