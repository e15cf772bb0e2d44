import { describe, expect, test } from 'bun:test';
import { hours, minutes } from '../core/durations.ts';
import { sunPosition } from '../core/solar/position.ts';
import { panelPowerW } from './climate.ts';
import { demoHouse, HouseModel, inverterValues, isOffline, loadPowerW, newHouseState } from './house-model.ts';

const noon = Date.UTC(2026, 5, 21, 12, 40);

describe('the simulated house', () => {
  test('has the sun in the south at noon in summer, 90 - latitude + 23.4 degrees high', () => {
    const { zenithDeg, azimuthDeg } = sunPosition(noon, demoHouse.place);
    expect(90 - zenithDeg).toBeCloseTo(90 - 38.72 + 23.44, 0);
    expect(Math.abs(azimuthDeg - 180)).toBeLessThan(5);
  });

  test('produces nothing at night and never more than the panels are rated for by much', () => {
    for (let t = noon; t < noon + hours(24 * 30); t += minutes(10)) {
      const power = panelPowerW(t, demoHouse.place, demoHouse.roof);
      expect(power).toBeGreaterThanOrEqual(0);
      expect(power).toBeLessThan(demoHouse.roof.peakW * 1.15);
    }
    expect(panelPowerW(noon + hours(12), demoHouse.place, demoHouse.roof)).toBe(0);
  });

  test('balances: load = solar + import - charge at every step, the battery between reserve and full', () => {
    const model = new HouseModel(demoHouse, newHouseState(noon));
    for (let t = noon; t < noon + hours(24 * 14); t += minutes(5)) {
      model.advance(t);
      const { roofW, garageW, loadW, batteryW, gridW } = model.powers;
      expect(roofW + garageW + gridW - batteryW).toBeCloseTo(loadW, 6);
      expect(model.state.storedKwh).toBeLessThanOrEqual(demoHouse.batteryKwh + 1e-6);
      expect(model.state.storedKwh).toBeGreaterThan(0.11 * demoHouse.batteryKwh);
    }
  });

  test('uses a household amount of energy in a year and is rarely offline', () => {
    let loadKwh = 0;
    let offline = 0;
    let steps = 0;
    for (let t = noon; t < noon + hours(24 * 365); t += minutes(15)) {
      loadKwh += loadPowerW(t, demoHouse) / 4000;
      offline += isOffline(t) ? 1 : 0;
      steps++;
    }
    expect(loadKwh).toBeGreaterThan(3000);
    expect(loadKwh).toBeLessThan(9000);
    expect(offline / steps).toBeGreaterThan(0.0005);
    expect(offline / steps).toBeLessThan(0.02);
  });

  test('speaks in catalogue values that ingest would take', () => {
    const model = new HouseModel(demoHouse, newHouseState(noon));
    model.advance(noon + minutes(1));
    const values = inverterValues(model, demoHouse);
    expect(values.stateOfCharge).toBeGreaterThan(0);
    expect(values.solarPower).toBeGreaterThan(300);
    expect(Object.values(values).every((v) => typeof v === 'string' || Number.isFinite(v))).toBe(true);
  });
});
