import { days, minutes } from '../core/durations.ts';
import type { Reading } from '../core/reading.ts';
import type { DemoHouse, HouseModel } from './house-model.ts';
import { garageValues, inverterValues, isOffline } from './house-model.ts';

/**
 * How often history is written: finer for the last weeks, where somebody may look closely, and coarser for what is more
 * than a year ago, which last year's sums alone need. Live devices speak more often.
 */
const OLD_STEP_MS = minutes(10);
const OLD_AFTER_MS = days(366);
const COARSE_STEP_MS = minutes(5);
const FINE_STEP_MS = minutes(1);
const FINE_FOR_MS = days(8);

export interface DemoSourceIds {
  inverterId: string;
  garageId: string;
}

export interface HistoryPart {
  inverter: Reading[];
  garage: Reading[];
  /** End of the part, ms UTC. */
  until: number;
}

/** What the house's devices would have sent from the model's time until `to`, in parts of four weeks. */
export function* demoHistory(
  model: HouseModel,
  house: DemoHouse,
  ids: DemoSourceIds,
  to: number,
): Generator<HistoryPart> {
  const stepAt = (time: number) => {
    if (to - time > OLD_AFTER_MS) return OLD_STEP_MS;
    return to - time > FINE_FOR_MS ? COARSE_STEP_MS : FINE_STEP_MS;
  };
  const first = stepAt(model.state.time);
  let time = Math.ceil((model.state.time + 1) / first) * first;
  while (time < to) {
    const until = Math.min(to, time + days(28));
    const part: HistoryPart = { inverter: [], garage: [], until };
    for (; time < until; time += stepAt(time)) {
      model.advance(time);
      if (isOffline(time)) continue;
      part.inverter.push({ sourceId: ids.inverterId, time, values: inverterValues(model, house) });
      if (time % COARSE_STEP_MS === 0) part.garage.push({ sourceId: ids.garageId, time, values: garageValues(model) });
    }
    yield part;
  }
}
