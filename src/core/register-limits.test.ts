import { describe, expect, test } from 'bun:test';
import { type NumericMetric, numericMetrics } from './metrics.ts';
import { isUnknown, isUnknownBeyond } from './register-limits.ts';

const unknown = (metric: NumericMetric, value: number, before?: number) => isUnknown(metric, value, () => before);

describe('the end of a register', () => {
  test.each<[NumericMetric, number]>([
    ...[32_767, -32_768, 65_535, -65_535, 3276.7, -3276.8, 6553.5, 327_670, 655_350].map(
      (watts): [NumericMetric, number] => ['gridPower', watts],
    ),
    ['gridPower', 2_147_483.647],
    ['apparentPower', 65_535],
    ['totalEnergyProduced', 21_474_836.47],
    ['totalEnergyProduced', 2_147_483_647],
    ['totalEnergyProduced', 4_294_967.295],
    ['totalGridImport', 429_496_729.5],
    ['dailyEnergyProduced', 6553.5],
    ['gridVoltage', 6553.5],
    ['solarVoltage', 655.35],
    ['batteryCurrent', -3276.8],
    ['outputFrequency', 327.67],
    ['loadPercentage', 655.35],
    ['remainingCapacity', 65_535],
    ['totalEnergyConsumed', 429_489_807.9],
    ['gridPower', 429_483_622],
    ['stateOfHealth', 0],
  ])('is no %s: %p', (metric, value) => {
    expect(unknown(metric, value)).toBe(true);
    expect(unknown(metric, Math.fround(value))).toBe(true);
    expect(unknown(metric, value, 1)).toBe(true);
  });

  test.each<[NumericMetric, number]>([
    ['gridPower', 32_766],
    ['gridPower', 32_767.5],
    ['solarPower', 65_534],
    ['totalEnergyProduced', 327_670],
    ['totalEnergyProduced', 99_999.9],
    ['gridVoltage', 230.1],
    ['batteryTemperature', 25.5],
    ['stateOfCharge', 0],
    ['totalEnergyProduced', 4_290_000],
    ['stateOfHealth', 1],
  ])('is not another value: %s %p', (metric, value) => expect(unknown(metric, value)).toBe(false));

  test('of 16 bits counts where it follows from the value before: a large plant passes there', () => {
    expect(unknown('solarPower', 32_767, 32_100)).toBe(false);
    expect(unknown('solarPower', 32_767, 33_500)).toBe(false);
    expect(unknown('solarPower', 32_767, 30_000)).toBe(true);
    expect(unknown('gridPower', -32_768, 32_700)).toBe(true);
    expect(unknown('totalEnergyProduced', 655.35, 655.34)).toBe(false);
  });

  test('of what ran below zero, too: a large plant’s counter passes there', () => {
    expect(unknown('totalEnergyProduced', 4_294_800.1, 4_294_700)).toBe(false);
    expect(unknown('totalEnergyProduced', 4_294_800.1, 5421.1)).toBe(true);
  });

  test('of 32 bits never counts', () => expect(unknown('totalEnergyProduced', 21_474_836.47, 21_474_836.4)).toBe(true));
});

test('beyond what a metric can be, the end of a register of 8 bits stands for “unknown”, too', () => {
  expect(isUnknownBeyond(255, '%')).toBe(true);
  expect(isUnknownBeyond(65_535, '%')).toBe(true);
  expect(isUnknownBeyond(-3276.8, 'degC')).toBe(true);
  expect(isUnknownBeyond(200, '%')).toBe(false);
  expect(isUnknownBeyond(255, 'Hz')).toBe(false);
});

test('a value of every metric is told apart in well under a microsecond', () => {
  let found = 0;
  const started = performance.now();
  for (let i = 0; i < 1_000_000; i++)
    if (isUnknown(numericMetrics[i % numericMetrics.length] as NumericMetric, i / 7, () => undefined)) found++;
  expect((performance.now() - started) / 1_000_000).toBeLessThan(0.001);
  expect(found).toBeGreaterThan(0);
});
