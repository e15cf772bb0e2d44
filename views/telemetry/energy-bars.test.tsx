import { expect, test } from 'bun:test';
import { summariseEnergy } from '../../src/telemetry/house/house.ts';
import { EnergyBarChart } from './energy-bars.tsx';

const none = { solarKwh: null, loadKwh: null, importKwh: null, exportKwh: null, chargeKwh: null, dischargeKwh: null };
const month = (period: string, coverage: number, solarKwh: number | null) => ({
  ...summariseEnergy({ ...none, solarKwh, coverage }, true),
  period,
});
const items = [month('2024-10', 0, null), month('2024-11', 0.2, 80), month('2024-12', 1, 120)];
const bars = { period: 'month' as const, items, total: month('', 0.6, 200), hasGrid: true, hasBattery: false };

test('a dot marks a time that was measured in part, not one before there was anything to measure', () => {
  const html = String(<EnergyBarChart bars={bars} linkOf={(period) => `/history?range=${period}`} />);
  expect(html.match(/bar-partial/g)?.length).toBe(1);
  expect(html).toContain('aria-label="Oct 2024: nothing measured"');
  expect(html).toContain('aria-label="Nov 2024: produced 80.0 kWh, measured for 20 % of it"');
  expect(html).toContain('aria-label="Dec 2024: produced 120.0 kWh"');
});

test('a dot marks a time of which a counter alone knew, and none in which nothing flowed either', () => {
  const bridged = { ...bars, items: [month('2024-10', 0, 0), month('2024-11', 0, 80), month('2024-12', 1, 120)] };
  const html = String(<EnergyBarChart bars={bridged} linkOf={(period) => `/history?range=${period}`} />);
  expect(html.match(/bar-partial/g)?.length).toBe(1);
  expect(html).toContain('aria-label="Nov 2024: produced 80.0 kWh, measured for 0 % of it"');
});

test('bars of more than a year say which one: each January stands for its year', () => {
  const periods = Array.from(
    { length: 25 },
    (_, i) => `${2024 + Math.floor((10 + i) / 12)}-${String(((10 + i) % 12) + 1).padStart(2, '0')}`,
  );
  const longer = { ...bars, items: periods.map((period) => month(period, 1, 80)) };
  const html = String(<EnergyBarChart bars={longer} linkOf={(period) => `/history?range=${period}`} />);
  expect(ticksOf(html, 'narrow')).toEqual(['2025', 'May', 'Sep', '2026', 'May', 'Sep']);
  expect(ticksOf(html, 'wide').slice(0, 4)).toEqual(['2025', 'Apr', 'Jul', 'Oct']);
});

test('days have as many dates under them as a phone has room for, the last one always', () => {
  const days = Array.from({ length: 28 }, (_, i) => month(`2026-11-${String(i + 1).padStart(2, '0')}`, 1, 8));
  const html = String(<EnergyBarChart bars={{ ...bars, period: 'day', items: days }} linkOf={() => '/history'} />);
  expect(ticksOf(html, 'narrow')).toEqual(['4 Nov', '10 Nov', '16 Nov', '22 Nov', '28 Nov']);
  expect(ticksOf(html, 'wide').length).toBeGreaterThan(8);
});

function ticksOf(html: string, width: 'narrow' | 'wide'): (string | undefined)[] {
  const group = new RegExp(`class="ticks-${width}">(.*?)</g>`, 's').exec(html)?.[1] ?? '';
  return [...group.matchAll(/class="tick"[^>]*>([^<]+)</g)].map(([, text]) => text);
}
