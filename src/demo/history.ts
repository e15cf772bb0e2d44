import { days, minutes } from '../core/durations.ts';
import type { Reading } from '../core/reading.ts';
import type { DemoHouse, HouseModel } from './house-model.ts';
import { garageValues, inverterValues, isOffline } from './house-model.ts';

/** How often history is written; live devices speak more often. */
export const HISTORY_STEP_MS = minutes(2);

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

/** What the house's devices would have sent from the model's time until `to`, in parts of a fortnight. */
export function* demoHistory(
  model: HouseModel,
  house: DemoHouse,
  ids: DemoSourceIds,
  to: number,
): Generator<HistoryPart> {
  let time = Math.ceil((model.state.time + 1) / HISTORY_STEP_MS) * HISTORY_STEP_MS;
  while (time < to) {
    const until = Math.min(to, time + days(14));
    const part: HistoryPart = { inverter: [], garage: [], until };
    for (; time < until; time += HISTORY_STEP_MS) {
      model.advance(time);
      if (isOffline(time)) continue;
      part.inverter.push({ sourceId: ids.inverterId, time, values: inverterValues(model, house) });
      if (time % (5 * HISTORY_STEP_MS) === 0)
        part.garage.push({ sourceId: ids.garageId, time, values: garageValues(model) });
    }
    yield part;
  }
}
