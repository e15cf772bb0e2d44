/**
 * A place as the weather service is told: rounded to a hundredth of a degree, about a kilometre, which no weather model
 * resolves, and which does not tell which house it is. Sources whose coordinates round to the same place share its weather.
 */
export interface WeatherPoint {
  /** Hundredths of a degree, north positive. */
  latitudeCdeg: number;
  /** Hundredths of a degree, east positive. */
  longitudeCdeg: number;
}

/** The rounded place of a position in degrees. */
export function pointOf(position: { latitude: number; longitude: number }): WeatherPoint {
  return { latitudeCdeg: hundredths(position.latitude), longitudeCdeg: hundredths(position.longitude) };
}

// `+ 0` makes a zero of a negative zero.
const hundredths = (degrees: number): number => Math.round(degrees * 100) + 0;

export function isSamePoint(a: WeatherPoint, b: WeatherPoint): boolean {
  return a.latitudeCdeg === b.latitudeCdeg && a.longitudeCdeg === b.longitudeCdeg;
}

/** One text a place, for maps. */
export function pointKey(point: WeatherPoint): string {
  return `${point.latitudeCdeg},${point.longitudeCdeg}`;
}

/** Back in degrees, with two digits. */
export function pointDegrees(point: WeatherPoint): { latitude: number; longitude: number } {
  return { latitude: point.latitudeCdeg / 100, longitude: point.longitudeCdeg / 100 };
}
