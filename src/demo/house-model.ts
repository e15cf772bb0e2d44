import { hours, minutes } from '../core/durations.ts';
import type { MetricValues } from '../core/reading.ts';
import { round } from '../core/round.ts';
import type { SunPlace } from '../core/solar/place.ts';
import { zoneOffsetMs } from '../core/zone.ts';
import { airTemperature, type PanelPlane, panelPowerW } from './climate.ts';
import { hashed, smoothNoise } from './noise.ts';

export interface DemoHouse {
  place: SunPlace;
  timeZone: string;
  roof: PanelPlane;
  garage: PanelPlane;
  batteryKwh: number;
  batteryMaxW: number;
}

export const demoHouse: DemoHouse = {
  place: { latitude: 38.72, longitude: -9.14 },
  timeZone: 'Europe/Lisbon',
  roof: { tiltDeg: 28, azimuthDeg: 175, peakW: 3900 },
  garage: { tiltDeg: 12, azimuthDeg: 265, peakW: 1230 },
  batteryKwh: 10.2,
  batteryMaxW: 3600,
};

/** What the meters of the house show; energies are lifetime counters in kWh. */
export interface HouseState {
  time: number;
  storedKwh: number;
  roofKwh: number;
  garageKwh: number;
  loadKwh: number;
  importKwh: number;
  exportKwh: number;
  chargeKwh: number;
  dischargeKwh: number;
}

export interface HousePowers {
  roofW: number;
  garageW: number;
  loadW: number;
  /** Positive when charging. */
  batteryW: number;
  /** Positive when importing. */
  gridW: number;
}

const RESERVE_SHARE = 0.12;
const CHARGE_EFFICIENCY = 0.96;

/** A simulated house with two roofs, a battery that follows the sun, and a family; steps through time. */
export class HouseModel {
  powers: HousePowers = { roofW: 0, garageW: 0, loadW: 0, batteryW: 0, gridW: 0 };
  constructor(
    private readonly house: DemoHouse,
    readonly state: HouseState,
  ) {}

  /** Moves on to `time` and counts the energy since the step before. */
  advance(time: number): void {
    const { house, state } = this;
    const stepHours = Math.max(0, (time - state.time) / hours(1));
    const roofW = panelPowerW(time, house.place, house.roof);
    const garageW = panelPowerW(time, house.place, house.garage);
    const loadW = loadPowerW(time, house);
    const batteryW = this.batteryPower(roofW + garageW - loadW, stepHours);
    const gridW = loadW + batteryW - roofW - garageW;
    this.powers = { roofW, garageW, loadW, batteryW, gridW };
    state.time = time;
    state.storedKwh +=
      ((batteryW > 0 ? batteryW * CHARGE_EFFICIENCY : batteryW / CHARGE_EFFICIENCY) * stepHours) / 1000;
    state.roofKwh += (roofW * stepHours) / 1000;
    state.garageKwh += (garageW * stepHours) / 1000;
    state.loadKwh += (loadW * stepHours) / 1000;
    state.importKwh += (Math.max(0, gridW) * stepHours) / 1000;
    state.exportKwh += (Math.max(0, -gridW) * stepHours) / 1000;
    state.chargeKwh += (Math.max(0, batteryW) * stepHours) / 1000;
    state.dischargeKwh += (Math.max(0, -batteryW) * stepHours) / 1000;
  }

  private batteryPower(surplusW: number, stepHours: number): number {
    const { batteryKwh, batteryMaxW } = this.house;
    const perKwh = stepHours > 0 ? 1000 / stepHours : Number.POSITIVE_INFINITY;
    const roomW = (batteryKwh - this.state.storedKwh) * perKwh;
    const spareW = (this.state.storedKwh - RESERVE_SHARE * batteryKwh) * perKwh;
    // Above 90 % a lithium battery takes less and less.
    const tapered = batteryMaxW * Math.min(1, Math.max(0.04, (1 - this.state.storedKwh / batteryKwh) * 10));
    if (surplusW > 20) return Math.max(0, Math.min(surplusW, tapered, roomW / CHARGE_EFFICIENCY));
    if (surplusW < -20) return -Math.max(0, Math.min(-surplusW, batteryMaxW, spareW * CHARGE_EFFICIENCY));
    return 0;
  }
}

/** Consumption [W] of a family of four: a base, a fridge, mornings, evenings, appliances, heating and cooling. */
export function loadPowerW(time: number, house: DemoHouse): number {
  const local = time + zoneOffsetMs(time, house.timeZone);
  const hour = (local / hours(1)) % 24;
  const isWeekend = [0, 6].includes(new Date(local).getUTCDay());
  const bump = (centre: number, width: number) => Math.exp(-(((hour - centre) / width) ** 2));
  const people = 520 * bump(7.6, 0.9) + 940 * bump(19.8, 1.8) + (isWeekend ? 420 : 120) * bump(13, 1.6);
  const fridge = (local / minutes(1)) % 47 < 16 ? 85 : 0;
  const air = airTemperature(time, house.place);
  const climate = Math.max(0, 14 - air) * 62 + Math.max(0, air - 24) * 110;
  const restless = 0.75 + 0.5 * smoothNoise(time, minutes(4), 21);
  return 240 + fridge + (people + climate * (0.4 + bump(19, 4))) * restless + appliances(local, hour);
}

/** Cooking, washing, kettle: each slot of a quarter hour has one or none. */
function appliances(local: number, hour: number): number {
  const slot = Math.floor(local / minutes(15));
  const chance = hour > 6.5 && hour < 22.5 ? hashed(slot, 31) : 0;
  if (chance > 0.955) return 1900;
  if (chance > 0.9) return 900;
  const washDay = hashed(Math.floor(local / hours(24)), 32) > 0.45;
  return washDay && hour > 10.2 && hour < 11.6 ? 620 * smoothNoise(local, minutes(9), 33) + 200 : 0;
}

/** True while the house's network is down, so that history has gaps as a real one: a few hours, a few times a year. */
export function isOffline(time: number): boolean {
  const day = Math.floor(time / hours(24));
  if (hashed(day, 41) < 0.975) return false;
  const start = 24 * hashed(day, 42);
  const hour = (time / hours(1)) % 24;
  return hour >= start && hour < start + 1 + 5 * hashed(day, 43);
}

/** What the hybrid inverter would say. */
export function inverterValues(model: HouseModel, house: DemoHouse): MetricValues {
  const { powers: p, state: s } = model;
  const soc = (s.storedKwh / house.batteryKwh) * 100;
  const batteryVoltage = 48.6 + 0.052 * soc + p.batteryW / 4000;
  const gridVoltage = 229 + 6 * smoothNoise(s.time, minutes(25), 51) - p.gridW / 2500;
  const solarVoltage = p.roofW > 1 ? 312 + 46 * smoothNoise(s.time, minutes(40), 52) : 0;
  const air = airTemperature(s.time, house.place);
  return {
    stateOfCharge: round(soc, 1),
    stateOfHealth: 97,
    batteryVoltage: round(batteryVoltage, 2),
    batteryCurrent: round(p.batteryW / batteryVoltage, 2),
    batteryPower: round(p.batteryW, 0),
    batteryTemperature: round(16 + air * 0.35 + Math.abs(p.batteryW) / 900, 1),
    batteryCapacity: 200,
    remainingCapacity: round(soc * 2, 1),
    solarVoltage: round(solarVoltage, 1),
    solarCurrent: solarVoltage > 0 ? round(p.roofW / solarVoltage, 2) : 0,
    solarPower: round(p.roofW, 0),
    outputVoltage: round(gridVoltage - 0.4, 1),
    outputCurrent: round(p.loadW / gridVoltage, 2),
    outputFrequency: round(49.98 + 0.04 * smoothNoise(s.time, minutes(2), 53), 2),
    loadPower: round(p.loadW, 0),
    loadPercentage: round((p.loadW / 6000) * 100, 0),
    apparentPower: round(p.loadW * 1.06, 0),
    gridVoltage: round(gridVoltage, 1),
    gridFrequency: round(49.98 + 0.04 * smoothNoise(s.time, minutes(2), 53), 2),
    gridPower: round(p.gridW, 0),
    totalEnergyProduced: round(s.roofKwh, 3),
    totalEnergyConsumed: round(s.loadKwh, 3),
    totalGridImport: round(s.importKwh, 3),
    totalGridExport: round(s.exportKwh, 3),
    totalBatteryCharge: round(s.chargeKwh, 3),
    totalBatteryDischarge: round(s.dischargeKwh, 3),
    inverterTemperature: round(air + 9 + (p.roofW + Math.abs(p.batteryW)) / 260, 1),
    busVoltage: round(378 + 6 * smoothNoise(s.time, minutes(3), 54), 0),
    operatingMode: p.batteryW > 20 ? 'Charging' : p.batteryW < -20 ? 'Feeding the house' : 'Line',
    deviceStatus: 'OK',
  };
}

/** What the micro-inverters on the garage would say. */
export function garageValues(model: HouseModel): MetricValues {
  const { powers: p, state: s } = model;
  return {
    solarPower: round(p.garageW, 1),
    solarVoltage: p.garageW > 1 ? round(31 + 4 * smoothNoise(s.time, minutes(30), 61), 1) : 0,
    totalEnergyProduced: round(s.garageKwh, 3),
    deviceStatus: p.garageW > 1 ? 'Producing' : 'Waiting for sun',
  };
}

/** The house as it stood when it was commissioned. */
export function newHouseState(time: number): HouseState {
  return {
    time,
    storedKwh: 5,
    roofKwh: 4120,
    garageKwh: 860,
    loadKwh: 5210,
    importKwh: 1630,
    exportKwh: 1180,
    chargeKwh: 1540,
    dischargeKwh: 1392,
  };
}
