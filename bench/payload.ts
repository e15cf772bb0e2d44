import { metrics } from '../src/core/metrics.ts';

/** Numeric values in a payload of `fullPayload`. */
export const VALUES_A_READING = metrics.filter((m) => m.kind !== 'text' && m.kind !== 'list').length;

/** A reading with every metric of the catalogue, plausible and different each time. */
export function fullReading(time: number, step: number): Record<string, unknown> {
  const reading: Record<string, unknown> = { timestamp: new Date(time).toISOString() };
  for (const [i, { name, kind, min, max }] of metrics.entries()) {
    if (kind === 'text') reading[name] = 'Battery';
    else if (kind === 'list') reading[name] = [];
    else if (kind === 'counter') reading[name] = round(1000 + i * 100 + step / 1000, 3);
    else reading[name] = round(within(50 + 30 * Math.sin(step / 50 + i) + Math.random(), min, max), 2);
  }
  return reading;
}

export function fullPayload(time: number, step: number): Buffer {
  return Buffer.from(JSON.stringify(fullReading(time, step)));
}

/** A reading with ten numbers, as a hybrid inverter sends them. */
export function tenMetrics(time: number, step: number): Buffer {
  const solarPower = Math.round(2000 + 1500 * Math.sin(step / 50));
  const loadPower = Math.round(600 + 400 * Math.random());
  const reading = {
    timestamp: new Date(time).toISOString(),
    stateOfCharge: Math.round(50 + 40 * Math.sin(step / 300)),
    batteryVoltage: round(52 + Math.random(), 2),
    batteryCurrent: round(20 * Math.sin(step / 50), 1),
    batteryPower: Math.round(1000 * Math.sin(step / 50)),
    solarPower,
    loadPower,
    gridPower: loadPower - solarPower,
    outputVoltage: round(230 + Math.random(), 1),
    totalEnergyProduced: round(1000 + step / 1000, 3),
    totalEnergyConsumed: round(800 + step / 2000, 3),
  };
  return Buffer.from(JSON.stringify(reading));
}

const round = (value: number, digits: number): number => Number(value.toFixed(digits));
const within = (value: number, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): number =>
  Math.min(max, Math.max(min, value));
