import { describe, expect, test } from 'bun:test';
import { hearing } from '../../testing/hearing.ts';

describe('a state of charge that is never above one', () => {
  test.each<[string, (charge: number) => unknown]>([
    ['ems/battery_soc', (charge) => String(charge)],
    ['hanchu/inverter/realtime', (batSoc) => ({ batSoc, loadPwr: 1545, pvTtPwr: 310 })],
  ])('is a share of one, once it moved (%s)', (topic, payload) => {
    const hear = hearing();
    hear('ems/pv_power', '1200');
    for (const charge of [0.56, 0.6, 0.64]) expect(hear(topic, payload(charge))).not.toHaveProperty('stateOfCharge');
    expect(hear(topic, payload(0.68))).toMatchObject({ stateOfCharge: 68 });
    expect(hear(topic, payload(0.5))).toMatchObject({ stateOfCharge: 50 });
    expect(hear(topic, payload(1))).toMatchObject({ stateOfCharge: 100 });
  });

  test('stays open while it hardly moves, and where it was in percent before or is so now', () => {
    const hear = hearing();
    hear('ems/pv_power', '1200');
    const say = (charge: number) => hear('ems/battery_soc', String(charge)).stateOfCharge;
    expect([0.51, 0.52, 0.53, 0.54, 0.55].map(say)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(say(1.2)).toBe(1.2);
    expect([0.3, 0.5, 0.7, 0.9].map(say)).toEqual([undefined, undefined, undefined, undefined]);
    const other = hearing();
    other('ems/pv_power', '1200');
    for (const charge of [0.3, 0.5, 0.7, 0.9]) other('ems/battery_soc', String(charge));
    expect(other('ems/battery_soc', '4').stateOfCharge).toBe(4);
    expect(other('ems/battery_soc', '0.9')).toEqual({});
  });
});
