import { describe, expect, test } from 'bun:test';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { meterName } from './meter-names.ts';

/** What a Tasmota whose owner reads a smart meter by a script says of it. */
const heard = (sensors: Record<string, unknown>, role?: 'grid') => {
  const payload = new TextEncoder().encode(JSON.stringify({ Time: '2026-06-21T12:00:00', ...sensors }));
  const message = { topic: 'tele/meter/SENSOR', payload, receivedAt: Date.UTC(2026, 5, 21, 10), isRetained: false };
  const context = { timeZone: 'Europe/Berlin', memory: new DialectMemory(), ...(role && { role }) };
  return interpretMessage(message, context)?.interpretation.readings[0]?.values ?? {};
};

describe('what owners call a smart meter’s values', () => {
  test.each([
    ['Power_curr', 'power', 0],
    ['curr_w', 'power', 0],
    ['Momentanverbrauch', 'power', 0],
    ['kW_OUT', 'power', -1],
    ['Total_in', 'energy', 1],
    ['pos_wirk_tariflos', 'energy', 1],
    ['Verbrauch_Summe', 'energy', 1],
    ['zaehler_a-', 'energy', -1],
    ['energy_supply', 'energy', -1],
    ['EinspeisungGesamt', 'energy', -1],
    ['ELZ_PV_2_8_0', 'energy', -1],
    ['total_kwh', 'energy', 0],
    ['Volt_L1_curr', 'voltage', 0],
    ['Amperage_p1', 'current', 0],
    ['HZ', 'frequency', 0],
  ] as const)('%s', (name, what, way) => expect(meterName(name)).toMatchObject({ what, way }));

  test.each([
    ['of another time', 'total_7d'],
    ['of a month', 'mo_enrg_imp'],
    ['reactive', 'nrg_reac_imp'],
    ['a mean', 'voltage_avg'],
    ['the highest of a phase', 'Power_L1_p'],
    ['what went both ways', 'energy_net'],
    ['an angle', 'phase_angle_p1'],
  ])('nothing that is %s', (_, name) => expect(meterName(name)).toBeNull());
});

describe('a smart meter of an owner’s script', () => {
  test('is known by what it counts, whatever its owner calls it', () => {
    expect(heard({ '': { total_consumed_kwh: 8123.4, total_delivered_kwh: 23.4, current_consumption: -412 } })).toEqual(
      {
        ...{ totalGridImport: 8123.4, totalGridExport: 23.4, gridPower: -412 },
      },
    );
    expect(heard({ DWS: { energy: 8123.4, en_out: 23.1, power: 412 } })).toEqual({
      ...{ totalGridImport: 8123.4, totalGridExport: 23.1, gridPower: 412 },
    });
    const said = { Power_total_in: 8123.4, Power_total_out: 23.1, Power_curr: 412, Power_L1_curr: 400 };
    expect(heard({ LK13BE: said })).toEqual({ totalGridImport: 8123.4, totalGridExport: 23.1, gridPower: 412 });
  });

  test('says what flows by its two ways, where nothing leaves a doubt of its unit', () => {
    const counted = { Total_in: 8123.4, Total_out: 23.4 };
    expect(heard({ M: { ...counted, power_in: 0, power_out: 412 } })).toMatchObject({ gridPower: -412 });
    expect(heard({ M: { ...counted, kW_in: 0.5, kW_out: 0 } })).toMatchObject({ gridPower: 500 });
    expect(heard({ M: { ...counted, pwr_imp: 0, pwr_exp: 0.854 } })).not.toHaveProperty('gridPower');
  });

  test('counts its tariffs where it has no sum', () => {
    const tariffs = { export_total_kwh: 23.4, total_night_kwh: 3000.5, total_day_kwh: 5000.5, curr_w: 412 };
    expect(heard({ SML: tariffs })).toMatchObject({ totalGridImport: 8001, totalGridExport: 23.4, gridPower: 412 });
  });

  test('counts days beside its group', () => {
    const sensors = { SML: { Total_in: 8123.4, Total_out: 23.4 }, daily_consumption: 4.2, daily_feed: 1.3 };
    expect(heard(sensors)).toMatchObject({ dailyGridImport: 4.2, dailyGridExport: 1.3 });
  });

  test('is not what a heat pump’s or a plant’s own meter counts', () => {
    const [heating, house] = [
      { kWh_in: 4123.4, kW_in: 2.1 },
      { kWh_in: 8123.4, kW_in: 0.4 },
    ];
    expect(heard({ Heizung: heating, Haus: house })).toEqual({ totalGridImport: 8123.4, gridPower: 400 });
    expect(heard({ PV: { E_in: 1.2, E_out: 812.1, P: -700 } })).not.toHaveProperty('totalGridImport');
    expect(heard({ Air: { In: 21.2, Out: 18.4 } })).toEqual({});
  });

  test('counts in Wh what no house counts in kWh', () => {
    expect(heard({ SM: { '1_8_0': 5123412.1234, '2_8_0': 1023412.1, '16_7_0': -412.21 } })).toMatchObject({
      ...{ totalGridImport: 5123.4121234, totalGridExport: 1023.4121, gridPower: -412.21 },
    });
  });
});
