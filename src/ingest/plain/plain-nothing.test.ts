import { describe, expect, test } from 'bun:test';
import { hearing } from '../../testing/hearing.ts';

const valuesOf = (topic: string, payload: unknown) => hearing()(topic, payload);

describe('what stands for nothing', () => {
  test('is the health of a battery that is not there', () => {
    const pack = { soc: 61, voltage: 51.2, current: 0 };
    expect(valuesOf('house/battery', { ...pack, soh: 0 }).stateOfHealth).toBeUndefined();
    expect(valuesOf('house/battery', { ...pack, soh: 98 }).stateOfHealth).toBe(98);
  });

  test('is a counter that ran below zero', () => {
    const values = { pvpowerin: 0, eactotal: 138743, elocalload_tod: 260 };
    const grott = (elocalload_tot: number) =>
      valuesOf('energy/growatt', {
        device: 'X',
        time: '2026-05-31T21:00:00',
        buffered: 'no',
        values: { ...values, elocalload_tot },
      });
    expect(grott(4_294_898_079).totalEnergyConsumed).toBeUndefined();
    expect(grott(54_211).totalEnergyConsumed).toBe(5421.1);
  });

  test('makes no battery of what an inverter without one leaves in its place, nor an output of what flows into the mains', () => {
    const inverter = {
      in_pac: 6553.7,
      out_pac: 22,
      eday: 9.7,
      etotal: 1785.4,
      output_current: '0.1A',
      grid_voltage: '230.4V',
    };
    const said = { solarPower: 22, dailyEnergyProduced: 9.7, totalEnergyProduced: 1785.4, gridVoltage: 230.4 };
    expect(valuesOf('goodwe/inverter', { ...inverter, soc: '200%', soh: '0%' })).toEqual(said);
    expect(valuesOf('goodwe/inverter', { ...inverter, soc: '61%' }).solarPower).toBeUndefined();
  });

  test('is what its finder only guesses', () => {
    const decoded = { battery_soc: 63, photovoltaic_power: 3120 };
    expect(valuesOf('solix/A17E1/info', { ...decoded, 'battery_soh?': 63 })).toEqual({
      stateOfCharge: 63,
      solarPower: 3120,
    });
  });

  test('is a whole beside a part of it that is none: two plants, of which one stands still', () => {
    const storage = { bat_p: 300, grid_p: -120, load_p: 190, soc: 64 };
    expect(valuesOf('MSA-2/system', { pv_p: 0, pv2_p: 620, ...storage }).solarPower).toBe(620);
    expect(valuesOf('MSA-2/system', { pv_p: 0, pv2_p: 620, ...storage }).batteryPower).not.toBe(-300);
    expect(valuesOf('MSA-2/system', { pv_p: 0, pv2_p: 0, ...storage }).solarPower).toBe(0);
  });
});

test('what goes into an inverter was not made there', () => {
  const hear = hearing();
  hear('homeassistant/sensor/foxess_pv_power/state', '812');
  hear('homeassistant/sensor/foxess_input_energy_total/unit_of_measurement', '"kWh"');
  expect(hear('homeassistant/sensor/foxess_input_energy_total/state', '896.7')).toEqual({});
  hear('homeassistant/sensor/foxess_pv_input_energy_total/unit_of_measurement', '"kWh"');
  expect(hear('homeassistant/sensor/foxess_pv_input_energy_total/state', '896.7')).toEqual({
    totalEnergyProduced: 896.7,
  });
});

test('a state may be written short: `bat_sts`', () => {
  const device = { bat_sts: 'charge', bat_v: 51.2, bat_i: 5.86, bat_p: 300, soc: 64.12 };
  expect(valuesOf('battery/MSA-2', device)).toMatchObject({ batteryPower: 300, batteryCurrent: 5.86 });
  expect(valuesOf('battery/MSA-2', { ...device, bat_sts: 'discharge' })).toMatchObject({ batteryPower: -300 });
});
