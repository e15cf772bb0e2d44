import { describe, expect, test } from 'bun:test';
import { hearing } from '../../testing/hearing.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';

const AT = Date.UTC(2026, 5, 21, 10);
function pack(volts: string, charge: string) {
  const memory = new DialectMemory();
  const say = (name: string, payload: string) => {
    const topic = `daly-bms/sensor/daly-bms_${name}/state`;
    const message = { topic, payload: new TextEncoder().encode(payload), receivedAt: AT, isRetained: false };
    return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
  };
  say('total_voltage', volts);
  say('state_of_charge', charge);
  return say;
}

describe('a capacity without a unit on a topic of its own', () => {
  test('is in Ah where the voltage and the charge leave no other reading', () => {
    const say = pack('52.9', '77.4');
    expect(say('nominal_capacity', '230')).toEqual({});
    expect(say('capacity_remaining', '178.0')).toEqual({ remainingCapacity: 178 });
    expect(say('nominal_capacity', '230')).toEqual({ batteryCapacity: 230 });
    expect(say('nominal_capacity', '280')).toEqual({});
    expect(say('capacity_full', '230')).toEqual({ batteryCapacity: 230 });
  });

  test('is in Ah where in Wh it would be a toy’s', () => {
    const say = pack('25.606', '14');
    expect(say('capacity_remaining', '15.669')).toEqual({});
    expect(say('nominal_capacity', '100')).toEqual({ batteryCapacity: 100 });
    expect(pack('25.6', '50')('capacity_remaining', '98')).toEqual({ remainingCapacity: 98 });
  });

  test.each([
    ['a percentage', '52.9', '77.4', '77'],
    ['in Wh', '52.9', '77.4', '9120'],
    ['in kWh', '52.9', '77.4', '9.1'],
    ['of a small battery in Wh', '13.2', '77.4', '178'],
    ['of a small battery in Wh, at twice the voltage', '25.6', '50', '190'],
    ['of a charge that says little', '52.9', '3', '8'],
  ])('stays open where it may be another: %s', (_, volts, charge, remaining) => {
    expect(pack(volts, charge)('capacity_remaining', remaining)).toEqual({});
  });
});

describe('an inverter’s battery capacity on a topic of its own', () => {
  const inverter = () => {
    const hear = hearing();
    hear('solar/inverter/battery_voltage', '52.4');
    return hear;
  };

  test('is the state of charge beside the share of its load', () => {
    const hear = inverter();
    expect(hear('solar/inverter/battery_capacity', '78')).toEqual({});
    hear('solar/inverter/load_percent', '23');
    expect(hear('solar/inverter/battery_capacity', '78')).toEqual({ stateOfCharge: 78 });
    expect(hear('solar/inverter/battery_capacity', '280')).toEqual({});
  });

  test('stays open where a state of charge is called so', () => {
    const hear = inverter();
    hear('solar/inverter/load_percent', '23');
    hear('solar/inverter/battery_soc', '61');
    expect(hear('solar/inverter/battery_capacity', '100')).toEqual({});
  });
});
