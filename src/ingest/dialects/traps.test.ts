import { describe, expect, test } from 'bun:test';
import type { SourceRole } from '../../sources/source.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

/** The traps that all device families share: units, raw integers, sentinels, clocks, signs, phases, totals. */
const AT = Date.UTC(2026, 9, 25, 10);

class Device {
  private readonly memory = new DialectMemory();
  private at = AT;
  constructor(
    private readonly timeZone = 'UTC',
    private readonly role: SourceRole = 'system',
  ) {}

  hear(topic: string, payload: unknown) {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    const message = { topic, payload: new TextEncoder().encode(text), receivedAt: this.at, isRetained: false };
    const { timeZone, role, memory } = this;
    return interpretMessage(message, { timeZone, role, memory })?.interpretation;
  }
  values(topic: string, payload: unknown) {
    return this.hear(topic, payload)?.readings[0]?.values ?? {};
  }
  wait(ms: number): void {
    this.at += ms;
  }
}
const grott = (time: string, values: Record<string, unknown>, buffered = 'no') => ({
  device: 'X',
  time,
  buffered,
  values,
});
const minute = 60_000;

describe('units', () => {
  test('of one device differ: a day in Wh beside a total in kWh', () => {
    const dtu = new Device();
    expect(dtu.values('solar/ac/yieldday', '1824')).toEqual({ dailyEnergyProduced: 1.824 });
    expect(dtu.values('solar/ac/yieldtotal', '1824')).toEqual({ totalEnergyProduced: 1824 });
  });

  test('of raw registers are tenths and hundredths', () => {
    const values = new Device().values(
      'energy/growatt',
      grott('2026-10-25T09:00:00', { pvfrequentie: 4998, vbat: 521, bat_Volt: 5210, op_watt: 3150 }),
    );
    expect(values).toMatchObject({ gridFrequency: 49.98, loadPower: 315, batteryVoltage: 52.1 });
  });

  test('of what one device counts differ, too: Wh of a period beside kWh', () => {
    const said = (ENERGY: object) => new Device('UTC', 'load').values('tele/plug/SENSOR', { Time: '', ENERGY });
    expect(said({ Period: 12, Today: 1.2, Total: 345.6 })).toEqual({
      ...{ dailyEnergyConsumed: 1.2, totalEnergyConsumed: 345.6 },
    });
    expect(said({ Period: 12 })).toEqual({});
    const emon = new Device('UTC', 'load');
    expect(emon.values('emon/emontx/E1', '1234567')).toEqual({ totalEnergyConsumed: 1234.567 });
  });

  test('of a charge state above 100 are scaled down', () => {
    const soc = (SOC: number) => new Device().values('energy/growatt', grott('2026-10-25T09:00:00', { SOC }));
    expect([soc(87), soc(870), soc(8700)]).toEqual(Array(3).fill(expect.objectContaining({ stateOfCharge: 87 })));
  });
});

describe('what is unknown', () => {
  const nothings = [
    '',
    'nan',
    'NaN',
    'null',
    'unavailable',
    'unknown',
    'n/a',
    '2147483647',
    '65535',
    'Infinity',
    '--',
  ].concat(['21474836.47', '4294967295', '-32768', 'None', 'undefined']);
  test.each(nothings)('(%p) is no value', (nothing) => {
    expect(new Device().values('evcc/site/pvPower', nothing)).toEqual({});
    expect(new Device().values('solar_assistant/total/load_power/state', nothing)).toEqual({});
    expect(new Device().values('N/c0619ba4d2e1/system/0/Dc/Pv/Power', { value: nothing })).toEqual({});
  });

  test('is no value in an object either, and takes nothing from what stands beside', () => {
    for (const nothing of [null, '', 'nan', 2147483647, -2147483648, 4294967295, 21474836.47])
      expect(new Device().values('meter/status/em:0', { id: 0, total_act_power: nothing })).toEqual({});
    const plug = { power: null, voltage: 231, current: 'nan', energy: 12.5 };
    expect(new Device('UTC', 'load').values('zigbee2mqtt/plug', plug)).toEqual({
      ...{ outputVoltage: 231, totalEnergyConsumed: 12.5 },
    });
  });

  test('and impossible is told with the name of the metric', () => {
    const heard = new Device().hear('deye/battery/soc', '250');
    expect(heard?.readings).toEqual([]);
    expect(heard?.rejected.map((r) => r.field)).toEqual(['stateOfCharge']);
  });

  test('below zero by a meter’s noise is zero', () => {
    expect(new Device().values('deye/dc/total_power', '-3')).toEqual({ solarPower: 0 });
    expect(new Device().values('deye/dc/pv1/voltage', '-3.09')).toEqual({ solarVoltage: 0 });
    expect(new Device().values('deye/dc/total_power', '-3000')).toEqual({});
  });
});

describe('a clock', () => {
  const timeOf = (time: string, zone: string) =>
    new Device(zone).hear('tele/x/SENSOR', { Time: time, ENERGY: { Power: 5 } })?.readings[0]?.time;

  test('without a zone is the source’s, and in the hour that comes twice the first one', () => {
    expect(timeOf('2026-06-21T12:00:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 5, 21, 10));
    expect(timeOf('2026-10-25T02:30:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(timeOf('2026-03-29T02:30:00', 'Europe/Berlin')).toBe(Date.UTC(2026, 2, 29, 1, 30));
    expect(timeOf('2026-06-21T12:00:00+05:30', 'Europe/Berlin')).toBe(Date.UTC(2026, 5, 21, 6, 30));
  });

  test('that cannot be right gives way to the time of arrival', () => {
    for (const time of [
      '1970-01-01T00:00:12',
      '2000-01-01T00:00:00',
      '2001-02-03T04:05:06',
      '2036-02-07T06:28:16',
      'soon',
      '',
    ])
      expect(timeOf(time, 'UTC')).toBeNull();
  });

  test('puts late records where they belong, in whatever order they come', () => {
    const logger = new Device();
    const hours = [8, 6, 7, 9].map((hour) => {
      const buffered = hour === 9 ? 'no' : 'yes';
      const record = grott(`2026-10-25T0${hour}:00:00`, { pvpowerin: hour * 1000 }, buffered);
      const reading = logger.hear('energy/growatt', record)?.readings[0];
      return [reading?.time, reading?.values.solarPower];
    });
    expect(hours).toEqual([8, 6, 7, 9].map((hour) => [Date.UTC(2026, 9, 25, hour), hour * 100]));
  });

  test('of a late record must be right: it is not of now', () => {
    const late = grott('2026-10-24T20:00:00', { pvpowerin: 100 }, 'yes');
    expect(new Device().hear('energy/growatt', late)?.readings[0]?.time).toBe(Date.UTC(2026, 9, 24, 20));
    const lost = grott('2000-00-00T00:00:00', { pvpowerin: 100 }, 'yes');
    expect(new Device().hear('energy/growatt', lost)?.readings).toEqual([]);
  });
});

describe('signs', () => {
  test('of batteries: charging is positive, whatever the maker thinks', () => {
    const charging = { batteryPower: 500 };
    expect(new Device().values('solar_assistant/total/battery_power/state', '500')).toEqual(charging);
    expect(new Device().values('N/c0619ba4d2e1/system/0/Dc/Battery/Power', { value: 500 })).toEqual(charging);
    expect(new Device().values('deye/battery/power', '-500')).toEqual(charging);
    expect(new Device().values('SS/a/battery_power', '-500')).toEqual(charging);
    expect(new Device().values('evcc/site/battery/power', '-500')).toEqual(charging);
    const sph = grott('2026-10-25T09:00:00', { p1charge1: 5000, pdischarge1: 0 });
    expect(new Device().values('energy/growatt', sph)).toMatchObject(charging);
  });

  test('that are split into two messages make one value, and say nothing while one half is unknown', () => {
    const pip = new Device();
    const say = (half: string, amperes: string) => pip.values(`pip/status/battery_${half}_current/value`, amperes);
    expect(say('charging', '0')).toEqual({});
    expect(say('discharge', '7')).toEqual({ batteryCurrent: -7 });
    expect(say('charging', '0')).toEqual({ batteryCurrent: -7 });
    expect(say('charging', '12')).toEqual({ batteryCurrent: 12 });
    expect(say('discharge', '0')).toEqual({ batteryCurrent: 12 });
    expect(say('charging', '0')).toEqual({ batteryCurrent: 0 });
  });
});

describe('totals and parts', () => {
  const phase = (n: number) => `N/c0619ba4d2e1/system/0/Ac/Consumption/L${n}/Power`;

  test('phases are added as they come, and one that is gone no longer counts', () => {
    const gx = new Device();
    expect(gx.values(phase(1), { value: 100 })).toEqual({ loadPower: 100 });
    expect(gx.values(phase(2), { value: 20.2 })).toEqual({ loadPower: 120.2 });
    expect(gx.values(phase(3), { value: 0.1 })).toEqual({ loadPower: 120.3 });
    expect(gx.values(phase(2), { value: null })).toEqual({});
    expect(gx.values(phase(1), { value: 90 })).toEqual({ loadPower: 90.1 });
    gx.wait(20 * minute);
    expect(gx.values(phase(1), { value: 80 })).toEqual({ loadPower: 80 });
  });

  test('phases in a list, or with letters, are one power with its sign', () => {
    const grid = () => new Device('UTC', 'grid');
    const tasmota = { Time: '2026-10-25T09:00:00', ENERGY: { Power: [500, 300, -1200], Voltage: [230, 231, 229] } };
    expect(grid().values('tele/meter/SENSOR', tasmota)).toMatchObject({ gridPower: -400, gridVoltage: 230 });
    const shelly = { id: 0, a_act_power: 200, b_act_power: 100, c_act_power: -700, a_voltage: 230.2 };
    expect(grid().values('meter/status/em:0', shelly)).toMatchObject({ gridPower: -400, gridVoltage: 230.2 });
    const delta = { method: 'NotifyStatus', params: { ts: AT / 1000, 'em:0': { id: 0, total_act_power: -350.5 } } };
    expect(grid().values('meter/events/rpc', delta)).toMatchObject({ gridPower: -350.5 });
  });

  test('the device’s own total silences its parts while it speaks', () => {
    const dtu = new Device();
    expect(dtu.values('solar/116180214069/0/power', '200')).toEqual({ solarPower: 200 });
    expect(dtu.values('solar/ac/power', '580')).toEqual({ solarPower: 580 });
    expect(dtu.values('solar/116180214069/0/power', '201')).toEqual({});
    dtu.wait(20 * minute);
    expect(dtu.values('solar/116180214069/0/power', '202')).toEqual({ solarPower: 202 });
  });

  test('a counter’s total stays the total however long it was silent', () => {
    const dtu = new Device();
    dtu.values('solar/ac/yieldtotal', '1500');
    dtu.wait(1000 * minute);
    expect(dtu.values('solar/116180214069/0/yieldtotal', '700')).toEqual({});
  });

  test('a counter that starts again each week is no lifetime counter', () => {
    const heard = new Device().hear('solar_assistant/total/pv_energy/state', '34.2');
    expect(heard?.readings[0]).toMatchObject({ values: {}, metadata: { pv_energy: 34.2 } });
  });
});

test('a plug measures what its owner says', () => {
  const plug = { id: 0, apower: 42, voltage: 231, aenergy: { total: 2000 } };
  const as = (role: SourceRole) => new Device('UTC', role).values('plug/status/switch:0', plug);
  expect(as('load')).toEqual({ loadPower: 42, outputVoltage: 231, totalEnergyConsumed: 2 });
  expect(as('solar')).toEqual({ solarPower: 42, gridVoltage: 231, totalEnergyProduced: 2 });
  expect(as('grid')).toEqual({ gridPower: 42, gridVoltage: 231, totalGridImport: 2 });
  expect(as('battery')).toEqual({ batteryPower: 42, totalBatteryCharge: 2 });
  expect(as('generator')).toEqual({ generatorPower: 42 });
});
