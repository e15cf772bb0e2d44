import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { hostileText, runsOf } from '../../testing/hostile.ts';
import { interpretMessage } from '../dialects.ts';
import { DialectMemory } from '../memory/dialect-memory.ts';
import { fieldsIn, headerIn, rowIn } from './text-fields.ts';

const read = (text: string) => {
  const fields = fieldsIn(text);
  return fields && Object.fromEntries(fields);
};
const said = { pv_power: '1200', load_power: '700', battery_soc: '61.5' };

describe('fields that a text writes by name', () => {
  test.each([
    'pv_power=1200;load_power=700;battery_soc=61.5',
    'pv_power:1200, load_power:700, battery_soc:61.5',
    'pv_power: 1200 | load_power: 700 | battery_soc: 61.5',
    'pv_power=1200&load_power=700&battery_soc=61%2E5',
    'pv_power=1200 load_power=700 battery_soc=61.5',
    'pv_power : 1200 load_power : 700 battery_soc : 61.5',
    '"pv_power":1200,"load_power":700,"battery_soc":61.5',
    'pv_power 1200\r\nload_power 700\r\nbattery_soc 61.5\r\n',
    'pv_power: 1200\nload_power: 700\n\nbattery_soc: 61.5',
    'pv_power\t1200\nload_power\t700\nbattery_soc\t61.5',
    'pv_power,load_power,battery_soc\n1200,700,61.5\n',
    '"pv_power";"load_power";"battery_soc"\n1200;700;61.5',
  ])('are found: %p', (text) => {
    expect(read(text)).toEqual(said);
  });

  test('keep their words, times and units', () => {
    expect(read('time=2026-06-01T10:00:00;PV Power=1,2 kW;state=ok;Battery Voltage=52,1 V')).toEqual({
      ...{ time: '2026-06-01T10:00:00', 'PV Power': '1,2 kW', state: 'ok', 'Battery Voltage': '52,1 V' },
    });
    expect(read('Time;PV [W];U (V)\n10:15;1200;52,1')).toEqual({ Time: '10:15', 'PV (W)': '1200', 'U (V)': '52,1' });
    expect(read('PV Power 1200 W\nLoad Power 700 W')).toEqual({ 'PV Power': '1200 W', 'Load Power': '700 W' });
    expect(read('roof,host=pi pv_power=1200.5,load_power=700i 1785000000000000000')).toEqual({
      ...{ 'roof.pv_power': '1200.5', 'roof.load_power': '700' },
    });
    expect(read('roof pv_power=1200i,load_power=700i')).toEqual({ 'roof.pv_power': '1200', 'roof.load_power': '700' });
  });

  test.each([
    ...[
      '1200',
      '12,5',
      '1200;700;61',
      'online',
      'pv_power=1200',
      'hello: world, how: are you',
      '10:15:32',
      '2026-06-01',
    ],
    ...['pv_power=1200;oops;battery_soc=61', 'a=1;a=2', 'http://10.0.0.1:80/x?a=1', 'a,b,c', 'error: 12 at line 7'],
    ...['pv_power,load_power,battery_soc\n1200,700', 'a,b,c\nd,e,f'],
  ])('are none in %p', (text) => {
    expect(read(text)).toBeNull();
  });

  test('never take long, and never throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(hostileText, fc.constantFrom('=', ':', ';', ',', ' ', '\n', '1', 'a')), { maxLength: 60 }),
        (parts) => {
          const text = parts.join('').slice(0, 8192);
          fieldsIn(text);
          const header = headerIn(text);
          if (header) rowIn(text, header);
        },
      ),
      runsOf('texts with signs', 500),
    );
    for (const text of [
      'a='.repeat(4000),
      'a '.repeat(4000),
      ' '.repeat(8000),
      'a1 '.repeat(2700),
      `${'a'.repeat(59)} 1\n`.repeat(130),
    ]) {
      const from = performance.now();
      fieldsIn(text);
      expect(performance.now() - from).toBeLessThan(200);
    }
  });
});

describe('a device that writes texts', () => {
  const say = (memory: DialectMemory, topic: string, payload: string): Record<string, unknown> => {
    const message = {
      topic,
      payload: new TextEncoder().encode(payload),
      receivedAt: Date.UTC(2026, 5, 1),
      isRetained: false,
    };
    return { ...interpretMessage(message, { timeZone: 'UTC', memory })?.interpretation.readings[0]?.values };
  };
  const values = { solarPower: 1200, loadPower: 700, stateOfCharge: 61.5 };

  test('is understood as one that writes objects', () => {
    const text = 'pv_power=1200;load_power=700;battery_soc=61,5;battery_power=-500;grid_power=0';
    expect(say(new DialectMemory(), 'energy/data', text)).toEqual({ ...values, batteryPower: 500, gridPower: 0 });
    expect(say(new DialectMemory(), 'energy/data', 'room=21.5;humidity=61')).toEqual({});
    expect(say(new DialectMemory(), 'car/data', 'battery_soc=61;pv_power=1;load_power=2')).toEqual({});
  });

  test('is understood in rows without names once the names of their columns were heard', () => {
    const memory = new DialectMemory();
    expect(say(memory, 'energy/csv', '10:00;1200;700;61,5')).toEqual({});
    expect(say(memory, 'energy/csv', 'time;pv_power;load_power;battery_soc')).toEqual({});
    expect(say(memory, 'energy/csv', '10:00;1200;700;61,5')).toEqual(values);
    expect(say(memory, 'energy/csv', '10:00;1200;700')).toEqual({});
    expect(say(memory, 'other/csv', '10:00;1200;700;61,5')).toEqual({});
  });
});
