import { cosDeg } from './angles.ts';

/** What stands before the sky in a direction: degrees from north, clockwise, and degrees above level. */
export interface HorizonPoint {
  azimuthDeg: number;
  elevationDeg: number;
}

/** Height of the horizon by direction, between the listed points on straight lines round the circle; 0 when none are listed. */
export function createHorizon(points: readonly HorizonPoint[] = []): (azimuthDeg: number) => number {
  const first = points[0];
  if (!first) return () => 0;
  const whole = Array.from({ length: 360 }, (_, azimuth) => heightAt(points, azimuth));
  return (azimuthDeg) => {
    const west = Math.floor(azimuthDeg);
    const share = azimuthDeg - west;
    const a = whole[((west % 360) + 360) % 360] ?? 0;
    const b = whole[(((west + 1) % 360) + 360) % 360] ?? 0;
    return a + (b - a) * share;
  };
}

function heightAt(points: readonly HorizonPoint[], azimuth: number): number {
  const ordered = [...points].sort((a, b) => a.azimuthDeg - b.azimuthDeg);
  const last = ordered.at(-1);
  const first = ordered[0];
  if (!first || !last) return 0;
  const round = [
    { ...last, azimuthDeg: last.azimuthDeg - 360 },
    ...ordered,
    { ...first, azimuthDeg: first.azimuthDeg + 360 },
  ];
  const after = round.find((point) => point.azimuthDeg >= azimuth) ?? first;
  const before = round[Math.max(0, round.indexOf(after) - 1)] ?? first;
  const width = after.azimuthDeg - before.azimuthDeg;
  const share = width > 0 ? (azimuth - before.azimuthDeg) / width : 0;
  return Math.max(0, before.elevationDeg + (after.elevationDeg - before.elevationDeg) * share);
}

/** Share of an evenly bright dome's light that a level plane still gets: mean of cos2 of the horizon's height. */
export function openSky(horizon: (azimuthDeg: number) => number): number {
  let sum = 0;
  for (let azimuth = 0; azimuth < 360; azimuth += 5) sum += cosDeg(horizon(azimuth)) ** 2;
  return sum / 72;
}
