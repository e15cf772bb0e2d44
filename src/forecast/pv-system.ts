import type { HorizonPoint } from '../core/solar/horizon.ts';
import type { SolarSite } from '../core/solar/place.ts';
import type { Plane, SkyModel } from '../core/solar/transposition.ts';

/** Panels that share a plane. */
export interface PvArray extends Plane {
  /** Rated power at 1000 W/m2 and 25 degC. */
  peakW: number;
  /** What shades it; nothing when left out. */
  horizon?: readonly HorizonPoint[];
}

/** A source's panels and inverter. */
export interface PvSystem {
  site: SolarSite;
  arrays: readonly PvArray[];
  /** What the inverter can give, AC. No limit but the panels' when left out. */
  inverterLimitW?: number;
  /** Nominal efficiency of the inverter, 0..1; 0.96 when left out. */
  inverterEfficiency?: number;
  /** Share lost between panel and inverter (soiling, mismatch, wiring ...), 0..1; PVWatts' 0.14 when left out. */
  lossShare?: number;
  /** Change of power by cell temperature, per kelvin; -0.004 when left out. */
  powerPerK?: number;
  /** Sky model of the transposition; Perez when left out. */
  skyModel?: SkyModel;
}
