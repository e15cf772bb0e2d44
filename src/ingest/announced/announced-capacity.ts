import type { PackMemory } from '../memory/pack-memory.ts';
import type { MessageView } from '../payload/message-view.ts';
import { capacityNamed, isAlone, isInAh } from '../plain/plain-capacity.ts';
import { measuredBy, ownerOf } from './announced-signs.ts';
import type { AnnouncedValue } from './announcements.ts';
import type { EntityDescription, Meaning } from './entity-description.ts';

/** What an entity without a unit is that is called a battery's capacity: Ah, Wh and percent are all usual. */
export function capacityWithoutUnit(said: readonly string[], { unit, deviceClass }: EntityDescription): Meaning | null {
  if (unit !== '' || deviceClass !== '') return null;
  const metric = said.map(capacityNamed).find((named) => named !== null);
  return metric ? { metric, factor: 1, side: null, part: { order: 0, rank: 2, how: 'sum' } } : null;
}

/** Remembers what a device's announced values say that tells in what its capacities are. */
export function learnAnnouncedPack(values: readonly AnnouncedValue[], message: MessageView, packs: PackMemory): void {
  for (const value of values) {
    const said = NOTED[value.metric];
    const measured = said === undefined ? null : measuredBy(value, message);
    if (said !== undefined && measured !== null) packs.note(packOf(value), { [said]: measured * value.factor });
  }
}
const NOTED: Partial<Record<string, 'volts' | 'charge' | 'remaining'>> = {
  ...{ batteryVoltage: 'volts', stateOfCharge: 'charge', remainingCapacity: 'remaining' },
};

/** False for a capacity without a unit that may be in something else than Ah, by what its battery said beside. */
export function isKnownUnit(value: AnnouncedValue, measured: number, packs: PackMemory | undefined): boolean {
  if (!value.isUnitOpen) return true;
  const pack = packs?.at(packOf(value)) ?? {};
  return value.metric === 'remainingCapacity' ? isAlone(pack, measured) : isInAh(pack, measured);
}

const packOf = (value: AnnouncedValue): string => `announced ${ownerOf(value)}`;
