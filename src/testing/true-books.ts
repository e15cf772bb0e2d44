import { localDayOf, startOfLocalDay } from '../core/zone.ts';
import { type EnergyQuantity, quantityRules } from '../telemetry/energy/energy.ts';
import { book } from './books.ts';
import type { DeviceCase } from './device-cases.ts';
import { TrueDevice } from './true-device.ts';
import { MIN } from './true-house.ts';

/** What is booked of a device that knows the truth, held against it. */
export interface Compared {
  quantity: EnergyQuantity;
  from: number;
  to: number;
  /** kWh: booked, and what truly flowed. */
  booked: number;
  truth: number;
  /** kWh too many, or too few (negative), beyond what nobody can know; 0 where all is well. */
  off: number;
}

/** True of the quantities whose unit something tells: a power beside the counter, or what the panels can give. */
export const isTold =
  ({ unit, shows, capacityW }: DeviceCase) =>
  (quantity: EnergyQuantity): boolean =>
    unit === 'kWh' || shows.power || (quantity === 'solar' && capacityW !== null);

/** Each quantity that `isAsked` and that the device shows, over each whole day and all of them. */
export function compare(of: DeviceCase, isAsked: (quantity: EnergyQuantity) => boolean = () => true): Compared[] {
  const device = new TrueDevice(of);
  const dayStart = (time: number) => startOfLocalDay(localDayOf(time, device.zone), device.zone);
  const books = book(device.rows(), { dayStart, installedCapacityW: of.capacityW });
  const all = { from: device.start, to: device.end };
  return quantityRules.flatMap(({ quantity, daily }) => {
    const isShown = of.shows.power || of.shows.total || (of.shows.daily && daily);
    if (!isShown || !isAsked(quantity)) return [];
    return [...device.days(), all].map(({ from, to }) => {
      const booked = books.kwh(quantity, from, to) ?? 0;
      const truth = device.house.kwh(quantity, from, to);
      const { lost, misplaced } = device.unknown(quantity, { from, to });
      const slack = device.slack(quantity, { from, to }) + misplaced;
      // What nobody can know may be missed where the coverage says that something is, and nowhere else.
      const isTold = books.knownMinutes(quantity, from, to) < (to - from) / MIN;
      const off = Math.max(0, booked - truth - slack) + Math.min(0, booked - truth + (isTold ? lost : 0) + slack);
      return { quantity, from, to, booked, truth, off };
    });
  });
}

/** What is wrong of them, in words; null where all is well. */
export function wrongIn(compared: readonly Compared[]): string | null {
  const first = compared.find(({ off }) => off !== 0);
  if (!first) return null;
  const { quantity, from, to, booked, truth, off } = first;
  const when = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
  return `${quantity} of ${when}: ${booked.toFixed(3)} booked, ${truth.toFixed(3)} flowed, off by ${off.toFixed(3)}`;
}
