/** A place on the earth. */
export interface SunPlace {
  /** Degrees, north positive. */
  latitude: number;
  /** Degrees, east positive. */
  longitude: number;
}

/** A place with what the air above it and the ground around it do to the light. */
export interface SolarSite extends SunPlace {
  /** Metres above the sea; 0 when unknown. */
  altitudeM?: number;
  /** Linke turbidity: one value, or twelve for January to December. The seasonal default of `linkeTurbidity` when unknown. */
  linkeTurbidity?: number | readonly number[];
  /** Share of the light that the ground throws back, 0..1; 0.2 when unknown. */
  albedo?: number;
}
