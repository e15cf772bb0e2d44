import { cosDeg, RAD, sinDeg } from './angles.ts';

/** What the glass lets through of light from the side, relative to light from straight ahead, 0..1. */

/** ASHRAE 93-77 (Souka and Safwat, 1966). */
export function ashraeModifier(incidenceDeg: number, b = 0.05): number {
  const angle = Math.abs(incidenceDeg);
  return angle >= 90 ? 0 : Math.max(0, 1 - b * (1 / cosDeg(angle) - 1));
}

/**
 * Fresnel's and Bouguer's laws for one pane (De Soto, Klein and Beckman, Solar Energy 80 (1), 2006): refractive index,
 * extinction [1/m] and thickness [m] of the glass.
 */
export function glassModifier(incidenceDeg: number, index = 1.526, extinctionPerM = 4, thicknessM = 0.002): number {
  const angle = Math.abs(incidenceDeg);
  if (angle >= 90) return 0;
  const straight = ((index - 1) / (index + 1)) ** 2;
  const through = (1 - straight) * Math.exp(-extinctionPerM * thicknessM);
  if (angle < 1e-6) return 1;
  const inside = Math.asin(sinDeg(angle) / index);
  const outside = angle * RAD;
  const parallel = (Math.tan(inside - outside) / Math.tan(inside + outside)) ** 2;
  const perpendicular = (Math.sin(inside - outside) / Math.sin(inside + outside)) ** 2;
  const passed = 1 - (parallel + perpendicular) / 2;
  return (passed * Math.exp((-extinctionPerM * thicknessM) / Math.cos(inside))) / through;
}

/** The same for diffuse light of sky and ground: the angles it acts as if it came from (Brandemuehl and Beckman, Solar Energy 24 (5), 1980). */
export function diffuseIncidenceDeg(tiltDeg: number): { skyDeg: number; groundDeg: number } {
  return {
    skyDeg: 59.7 - 0.1388 * tiltDeg + 0.001497 * tiltDeg ** 2,
    groundDeg: 90 - 0.5788 * tiltDeg + 0.002693 * tiltDeg ** 2,
  };
}
