import { type IntervalGrid, slotsPerHour } from '../interval-grid.ts';
import { type Guides, LOOK_BACK_H } from '../online/nowcast.ts';

export interface LoadGuideInput {
  grid: IntervalGrid;
  /** W; NaN where unknown. */
  powerW: ArrayLike<number>;
  /** 1 where an interval must not count. */
  excluded?: ArrayLike<number>;
  /** What was forecast before the last hours were looked at, of those hours too. */
  blendW: ArrayLike<number>;
}

const names = ['last', 'lastHour', 'shiftedHour', 'shiftedHours'];

/** Means of what was taken in the last intervals, and of how far that was off its forecast, W. */
interface Recent {
  power: number;
  shift: number;
}

/** The next hours after the last ones: the same power (persistence), or as far off the forecast. */
export function loadGuides({ grid, powerW, excluded, blendW }: LoadGuideInput): Guides {
  const hour = slotsPerHour(grid);
  const read = (known: number, slots: number): Recent => {
    let [power, blend, count] = [0, 0, 0];
    for (let index = Math.max(0, known - slots); index < known; index++) {
      const [watts, said] = [powerW[index] ?? Number.NaN, blendW[index] ?? Number.NaN];
      if (Number.isNaN(watts + said) || excluded?.[index]) continue;
      power += watts;
      blend += said;
      count++;
    }
    return { power: power / count, shift: (power - blend) / count };
  };
  let last: { known: number; now: Recent; hour: Recent; hours: Recent } | null = null;
  return {
    names,
    at: (index, known) => {
      if (last?.known !== known)
        last = { known, now: read(known, 1), hour: read(known, hour), hours: read(known, LOOK_BACK_H * hour) };
      const blend = blendW[index] ?? Number.NaN;
      return [last.now.power, last.hour.power, blend + last.hour.shift, blend + last.hours.shift];
    },
  };
}
