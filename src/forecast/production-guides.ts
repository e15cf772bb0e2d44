import { type IntervalGrid, slotsPerHour } from './interval-grid.ts';
import type { Guides } from './online/nowcast.ts';

export interface ProductionGuideInput {
  grid: IntervalGrid;
  /** W; NaN where unknown. */
  powerW: ArrayLike<number>;
  /** 1 where an interval must not count. */
  excluded?: ArrayLike<number>;
  /** Under a clear sky. */
  clearW: ArrayLike<number>;
  /** What was forecast before the last hours were looked at, of those hours too. */
  blendW: ArrayLike<number>;
  scaleW: number;
}

const names = ['carriedLast', 'carriedHour', 'scaled', 'shifted'];
/** The most by which power passes the clear sky's, and the forecast. */
const [MOST_CLEAR, MOST_SCALED] = [1.5, 2];
/** With less of a clear sky nothing is read from power. */
const LEAST_CLEAR = 0.05;

/** What the last lit intervals showed. */
interface Recent {
  /** Power over the clear sky's. */
  clearness: number;
  /** Power over its forecast, and their difference over the clear sky's. */
  scaled: number;
  shift: number;
  /** Mean of the clear sky's power then, W. */
  clearW: number;
}

/**
 * The next hours after the last one: as bright as it was (clear-sky persistence, of the last interval and of the hour), or as
 * far off the forecast as it was, by a factor or by a share of the clear sky. In the morning light that grows is guessed from
 * light that was little: no more power is moved than would have been missed then.
 */
export function productionGuides({ grid, blendW, clearW, ...input }: ProductionGuideInput): Guides {
  const hour = slotsPerHour(grid);
  const read = createReader({ grid, blendW, clearW, ...input });
  let last: { known: number; now: Recent; hour: Recent } | null = null;
  return {
    names,
    at: (index, known) => {
      if (last?.known !== known) last = { known, now: read(known, 1), hour: read(known, hour) };
      const [clear, blend] = [clearW[index] ?? 0, blendW[index] ?? Number.NaN];
      const { now, hour: whole } = last;
      const from = (guideW: number, seenW: number): number =>
        blend + (guideW - blend) * Math.min(1, clear > 0 ? seenW / clear : 0);
      return [
        from(clear * now.clearness, now.clearW),
        from(clear * whole.clearness, whole.clearW),
        from(blend * whole.scaled, whole.clearW),
        from(blend + clear * whole.shift, whole.clearW),
      ];
    },
  };
}

function createReader({ powerW, excluded, clearW, blendW, scaleW }: ProductionGuideInput) {
  return (known: number, slots: number): Recent => {
    let [power, clear, blend, count] = [0, 0, 0, 0];
    for (let index = Math.max(0, known - slots); index < known; index++) {
      const [watts, clearSky, said] = [powerW[index] ?? Number.NaN, clearW[index] ?? 0, blendW[index] ?? Number.NaN];
      if (Number.isNaN(watts + said) || excluded?.[index] || clearSky < LEAST_CLEAR * scaleW) continue;
      power += watts;
      clear += clearSky;
      blend += said;
      count++;
    }
    const isLit = clear > 0;
    return {
      clearness: isLit ? Math.min(MOST_CLEAR, power / clear) : Number.NaN,
      scaled: isLit && blend > 0 ? Math.min(MOST_SCALED, power / blend) : Number.NaN,
      shift: isLit ? (power - blend) / clear : Number.NaN,
      clearW: isLit ? clear / count : 0,
    };
  };
}
